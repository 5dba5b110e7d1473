//! Caption files as they lie on the disk, and their drawing into the picture.

pub(crate) mod ass;
pub(crate) mod drawing;

use std::path::Path;

use daypart_domain::{
    captions::{CaptionFile, CaptionProblem, FILE_MAX_BYTES, read},
    problem::{ErrorCode, Problem, UserAction},
};
use tokio::io::AsyncReadExt as _;

use crate::problems;

/// Reads the file and refuses what is not sound.
///
/// # Errors
/// `captions.missing`, `captions.unreadable`, `captions.invalid`; the user chooses another file.
pub(crate) async fn read_file(path: &Path) -> Result<CaptionFile, Problem> {
    let name = problems::name_of(path);
    let metadata = tokio::fs::metadata(path)
        .await
        .map_err(|error| unopened(&name, &error))?;
    // A pipe would be waited for, for ever.
    if !metadata.is_file() {
        return Err(invalid(&name, &CaptionProblem::NotCaptions));
    }
    let most_bytes = u64::try_from(FILE_MAX_BYTES).unwrap_or(u64::MAX);
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|error| unopened(&name, &error))?;
    let mut bytes = Vec::new();
    file.take(most_bytes + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|error| unopened(&name, &error))?;
    read(&bytes).map_err(|problem| invalid(&name, &problem))
}

fn unopened(name: &str, error: &std::io::Error) -> Problem {
    let (code, sentence) = if error.kind() == std::io::ErrorKind::NotFound {
        (
            "captions.missing",
            format!("The captions “{name}” are no longer where they were."),
        )
    } else {
        (
            "captions.unreadable",
            format!("The captions “{name}” cannot be read."),
        )
    };
    choose_others(code, sentence).caused_by(error)
}

fn invalid(name: &str, problem: &CaptionProblem) -> Problem {
    choose_others(
        "captions.invalid",
        format!("“{name}” cannot be used: {}", lowered(&problem.to_string())),
    )
}

fn choose_others(code: &'static str, sentence: String) -> Problem {
    Problem::needs_user(ErrorCode::new(code), UserAction::EditPost, sentence)
        .fix("Mend the file or choose another one, or post without captions.")
}

/// For the middle of a sentence; a name in capitals stays.
fn lowered(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}
