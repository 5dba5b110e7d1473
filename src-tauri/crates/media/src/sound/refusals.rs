//! The sentences about sound that could not be measured.

use std::{fmt::Display, path::Path};

use daypart_domain::problem::{ErrorCode, Problem};

use crate::problems::name_of;

pub(super) fn unreadable(path: &Path, detail: impl Display) -> Problem {
    Problem::permanent(
        ErrorCode::new("media.sound_unreadable"),
        format!("The sound of “{}” could not be read.", name_of(path)),
    )
    .fix("Play the file to hear whether its sound is whole; if it is not, export it again.")
    .detail(detail.to_string())
}

pub(super) fn cancelled(path: &Path) -> Problem {
    Problem::transient(
        ErrorCode::new("media.cancelled"),
        format!("Listening to “{}” was cancelled.", name_of(path)),
    )
}
