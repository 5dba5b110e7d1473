//! SRT and WebVTT (W3C WebVTT §4 and §6.3, without regions, styles and positions, which a burned or re-timed caption
//! does not carry).

use super::{CUE_MAX_CHARS, CUES_MAX, CaptionFile, CaptionFormat, CaptionProblem, Cue, FILE_MAX_BYTES};

const ARROW: &str = "-->";
const QUOTED_MAX_CHARS: usize = 60;

/// Reads a whole file. Content decides which of the two it is.
///
/// # Errors
/// [`CaptionProblem`] for the first thing that is wrong; nothing is guessed or skipped but cues without words.
pub fn read(bytes: &[u8]) -> Result<CaptionFile, CaptionProblem> {
    if bytes.len() > FILE_MAX_BYTES {
        return Err(CaptionProblem::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CaptionProblem::NotUtf8)?;
    if text.contains('\0') {
        // UTF-16 without a mark is valid UTF-8 as long as it is Latin.
        return Err(CaptionProblem::NotUtf8);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text
        .split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
        .map(str::trim_end)
        .collect();
    let format = match lines.iter().find(|line| !line.is_empty()) {
        None => return Err(CaptionProblem::Empty),
        Some(first) if is_webvtt(first) => CaptionFormat::WebVtt,
        Some(_) => CaptionFormat::Srt,
    };
    let mut cues = cues(&lines, format)?;
    if cues.is_empty() {
        return Err(CaptionProblem::Empty);
    }
    cues.sort_by_key(|cue| cue.start_us);
    Ok(CaptionFile { format, cues })
}

fn is_webvtt(first: &str) -> bool {
    first
        .strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn cues(lines: &[&str], format: CaptionFormat) -> Result<Vec<Cue>, CaptionProblem> {
    let mut cues = Vec::new();
    let mut blocks_seen = 0_usize;
    let mut place = 0;
    while place < lines.len() {
        if lines[place].trim().is_empty() {
            place += 1;
            continue;
        }
        let length = lines[place..]
            .iter()
            .position(|line| line.trim().is_empty())
            .unwrap_or(lines.len() - place);
        let block = &lines[place..place + length];
        let is_header = format == CaptionFormat::WebVtt && blocks_seen == 0;
        blocks_seen += 1;
        if !(is_header || (format == CaptionFormat::WebVtt && is_aside(block[0]))) {
            cues.extend(cue(block, place, format, cues.is_empty())?);
            if cues.len() > CUES_MAX {
                return Err(CaptionProblem::TooManyCues);
            }
        }
        place += length;
    }
    Ok(cues)
}

/// Notes, styles and regions of a WebVTT file.
fn is_aside(first: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        first
            .strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// `first_line` counts from 0. `None` for a cue without words.
fn cue(
    block: &[&str],
    first_line: usize,
    format: CaptionFormat,
    nothing_read_yet: bool,
) -> Result<Option<Cue>, CaptionProblem> {
    // One line for a number or a name, then the times.
    let Some(times_at) = block.iter().take(2).position(|line| line.contains(ARROW)) else {
        if nothing_read_yet && format == CaptionFormat::Srt {
            return Err(CaptionProblem::NotCaptions);
        }
        return Err(wrong_times(first_line, block[0]));
    };
    let line = first_line + times_at;
    let times = block[times_at];
    let (start_us, end_us) = pair(times).ok_or_else(|| wrong_times(line, times))?;
    if end_us <= start_us {
        return Err(CaptionProblem::EndsBeforeStart { line: line + 1 });
    }
    let text = block[times_at + 1..]
        .iter()
        .map(|line| plain(line, format))
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    if text.chars().count() > CUE_MAX_CHARS {
        return Err(CaptionProblem::CueTooLong { line: line + 1 });
    }
    Ok((!text.is_empty()).then_some(Cue {
        start_us,
        end_us,
        text,
    }))
}

fn wrong_times(line: usize, found: &str) -> CaptionProblem {
    CaptionProblem::Times {
        line: line + 1,
        found: found
            .chars()
            .filter(|character| !character.is_control())
            .take(QUOTED_MAX_CHARS)
            .collect::<String>()
            .into(),
    }
}

/// `start --> end`, and whatever settings follow.
fn pair(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once(ARROW)?;
    let end = rest.split_whitespace().next()?;
    Some((time_us(start.trim())?, time_us(end)?))
}

/// `[H…H:]MM:SS` with a comma or a point and three digits.
fn time_us(text: &str) -> Option<u64> {
    let (whole, thousandths) = text.split_once([',', '.'])?;
    let parts: Vec<&str> = whole.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (number(hours, 1..=4)?, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return None,
    };
    let minutes = number(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    let seconds = number(seconds, 2..=2).filter(|seconds| *seconds < 60)?;
    let ms = number(thousandths, 3..=3)?;
    Some((((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms) * 1_000)
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u64> {
    (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// The words of a line: tags and drawing commands are taken out, entities of WebVTT are resolved, and what is no
/// character for reading is dropped.
fn plain(line: &str, format: CaptionFormat) -> String {
    let mut text = without_tags(line);
    if format == CaptionFormat::WebVtt {
        text = resolved(&text);
    } else {
        text = without_commands(&text);
    }
    text.chars()
        .map(|character| if character == '\t' { ' ' } else { character })
        .filter(|character| !character.is_control())
        .collect()
}

/// `<i>`, `</font>`, `<00:01.000>` and the like. A `<` that begins nothing like it is a character.
fn without_tags(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        text.push_str(before);
        let begins_tag = tag[1..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '/');
        match tag.find('>').filter(|_| begins_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                text.push('<');
                rest = &tag[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// `{\an8}` and the like, which some SRT files borrow from another format.
fn without_commands(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("{\\") {
        let (before, command) = rest.split_at(start);
        text.push_str(before);
        let Some(end) = command.find('}') else {
            rest = command;
            break;
        };
        rest = &command[end + 1..];
    }
    text.push_str(rest);
    text
}

fn resolved(line: &str) -> String {
    line.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&lrm;", "\u{200e}")
        .replace("&rlm;", "\u{200f}")
        .replace("&amp;", "&")
}
