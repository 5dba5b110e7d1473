//! Room on the disk.

use std::path::Path;

use daypart_domain::problem::{ErrorCode, Problem};

/// Bytes that this user may still write where `path` lies.
///
/// # Errors
/// `host.disk` when `path` does not exist or cannot be looked at.
pub fn free_disk_bytes(path: &Path) -> Result<u64, Problem> {
    fs4::available_space(path).map_err(|error| {
        Problem::transient(
            ErrorCode::new("host.disk"),
            format!("The disk of {} cannot be looked at.", path.display()),
        )
        .fix("Check that the folder is there and that its disk is connected.")
        .caused_by(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_of_an_existing_folder_has_room() {
        assert!(free_disk_bytes(&std::env::temp_dir()).unwrap() > 0);
    }

    #[test]
    fn a_missing_place_is_a_problem_that_names_it() {
        let problem = free_disk_bytes(Path::new("/there/is/no/such/place")).unwrap_err();
        assert!(
            problem.message.contains("/there/is/no/such/place"),
            "{}",
            problem.message
        );
    }
}
