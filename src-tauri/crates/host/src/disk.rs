//! Room on the disk.

use std::path::Path;

/// Bytes that this user may still write where `path` (which must exist) lies; `None` where it cannot be found
/// out, which is no reason to stop.
pub fn free_disk_bytes(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let facts = rustix::fs::statvfs(path).ok()?;
        facts.f_bavail.checked_mul(facts.f_frsize)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn the_disk_of_an_existing_folder_has_a_size() {
        assert!(free_disk_bytes(&std::env::temp_dir()).is_some());
    }

    #[test]
    fn a_missing_place_is_unknown() {
        assert_eq!(free_disk_bytes(Path::new("/there/is/no/such/place")), None);
    }
}
