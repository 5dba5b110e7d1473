//! Captions as an SRT file.

use std::fmt::Write as _;

use super::Cue;

/// UTF-8, lines end with LF, numbered from 1. Reading it gives the same cues to the millisecond.
pub fn to_srt(cues: &[Cue]) -> String {
    let mut text = String::new();
    for (place, cue) in cues.iter().enumerate() {
        // Writing into a string does not fail.
        let _ = write!(
            text,
            "{}\n{} --> {}\n{}\n\n",
            place + 1,
            time(cue.start_us),
            time(cue.end_us),
            cue.text
        );
    }
    text
}

fn time(time_us: u64) -> String {
    let ms = time_us / 1_000;
    format!(
        "{:02}:{:02}:{:02},{:03}",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        ms % 1_000
    )
}
