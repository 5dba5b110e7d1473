//! Captions: what is written, and when. Files are read strictly, times are carried over to the edited video.

use std::borrow::Cow;

mod reading;
mod retiming;
mod srt;

pub use reading::read;
pub use retiming::{for_edit, retimed};
pub use srt::to_srt;

/// Two hours of dense talk have a fifth of it. Small enough that an identity covers every byte.
pub const FILE_MAX_BYTES: usize = 1 << 20;
pub const CUES_MAX: usize = 10_000;
/// More than anybody reads at once.
pub const CUE_MAX_CHARS: usize = 1_000;

/// Words that are shown from `start_us` up to, not including, `end_us`; `start_us < end_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    pub start_us: u64,
    pub end_us: u64,
    /// Plain text; lines are parted by `\n`, none is empty. No markup, no control characters.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptionFormat {
    Srt,
    WebVtt,
}

impl CaptionFormat {
    pub const fn label(self) -> &'static str {
        match self {
            CaptionFormat::Srt => "SRT",
            CaptionFormat::WebVtt => "WebVTT",
        }
    }
}

/// A caption file that was read. At least one cue; ordered by start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionFile {
    pub format: CaptionFormat,
    pub cues: Vec<Cue>,
}

/// What is wrong with a caption file. Displayed as a sentence for the user, which names the line where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptionProblem {
    #[error("The captions are larger than 1 MB, which no captions are.")]
    TooLarge,
    #[error("The captions are not in UTF-8. Save them again as UTF-8.")]
    NotUtf8,
    #[error("This is neither an SRT nor a WebVTT file.")]
    NotCaptions,
    #[error("The captions are empty.")]
    Empty,
    #[error("Line {line} of the captions is not a pair of times: “{found}”.")]
    Times { line: usize, found: Cow<'static, str> },
    #[error("The caption at line {line} ends before it begins.")]
    EndsBeforeStart { line: usize },
    #[error("The caption at line {line} has more than {CUE_MAX_CHARS} characters.")]
    CueTooLong { line: usize },
    #[error("There are more than {CUES_MAX} captions in the file.")]
    TooManyCues,
}
