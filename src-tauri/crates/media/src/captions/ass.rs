//! Captions as a script for libass, made by us from plain words: nothing of the user's file gets there but its
//! characters. Pure.

use std::fmt::Write as _;

use daypart_domain::captions::Cue;

/// The letters, in hundredths of the frame's short side.
const LETTERS_PERCENT: f64 = 6.5;
const OUTLINE_PERCENT: f64 = 0.45;
/// Left and right, in hundredths of the width. Portrait players lay their buttons over the right.
const SIDE_MARGIN_PERCENT: f64 = 7.0;
const PORTRAIT_SIDE_MARGIN_PERCENT: f64 = 12.0;
/// Below, in hundredths of the height. Portrait players lay name and description over the lowest fifth.
const BOTTOM_MARGIN_PERCENT: f64 = 7.0;
const PORTRAIT_BOTTOM_MARGIN_PERCENT: f64 = 22.0;
/// Narrower than 3:4.
const PORTRAIT_BELOW: f64 = 0.75;

/// A script for a picture of this size. `cues` are on the picture's own time line.
pub(crate) fn script(cues: &[Cue], width_px: u32, height_px: u32) -> String {
    let (width, height) = (f64::from(width_px), f64::from(height_px));
    let of = |whole: f64, percent: f64| (whole * percent / 100.0).round().max(1.0);
    let portrait = width / height < PORTRAIT_BELOW;
    let (side, bottom) = if portrait {
        (PORTRAIT_SIDE_MARGIN_PERCENT, PORTRAIT_BOTTOM_MARGIN_PERCENT)
    } else {
        (SIDE_MARGIN_PERCENT, BOTTOM_MARGIN_PERCENT)
    };
    let short = width.min(height);
    let letters = of(short, LETTERS_PERCENT);
    let outline = (short * OUTLINE_PERCENT / 100.0).max(0.5);
    let (side, bottom) = (of(width, side), of(height, bottom));
    let mut script = format!(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: {width_px}\nPlayResY: {height_px}\nWrapStyle: 0\n\
         ScaledBorderAndShadow: yes\nYCbCr Matrix: TV.709\n\n\
         [V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
         Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, \
         MarginL, MarginR, MarginV, Encoding\n\
         Style: Default,Arial,{letters},&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,\
         -1,0,0,0,100,100,0,0,1,{outline:.1},{:.1},2,{side},{side},{bottom},1\n\n\
         [Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n",
        outline / 2.0
    );
    for cue in cues {
        // Writing into a string does not fail.
        let _ = writeln!(
            script,
            "Dialogue: 0,{},{},Default,,0,0,0,,{}",
            time(cue.start_us),
            time(cue.end_us),
            words(&cue.text)
        );
    }
    script
}

/// Hundredths of a second, rounded.
fn time(time_us: u64) -> String {
    let hundredths = (time_us + 5_000) / 10_000;
    format!(
        "{}:{:02}:{:02}.{:02}",
        hundredths / 360_000,
        hundredths / 6_000 % 60,
        hundredths / 100 % 60,
        hundredths % 100
    )
}

/// Braces begin commands and a backslash may; an invisible joiner after it takes that from it.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => words.push_str("\\N"),
            '{' | '}' => {
                words.push('\\');
                words.push(character);
            }
            '\\' => words.push_str("\\\u{2060}"),
            control if control.is_control() => {}
            character => words.push(character),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(text: &str) -> Cue {
        Cue {
            start_us: 1_234_567,
            end_us: 3_661_999_999,
            text: text.to_owned(),
        }
    }

    #[test]
    fn commands_in_the_words_are_words() {
        let script = script(&[cue("{\\p1}m 0 0{\\r}\nC:\\Nowhere\u{0}")], 1920, 1080);
        assert!(
            script.ends_with(
                "Dialogue: 0,0:00:01.23,1:01:02.00,Default,,0,0,0,,\
                 \\{\\\u{2060}p1\\}m 0 0\\{\\\u{2060}r\\}\\NC:\\\u{2060}Nowhere\n"
            ),
            "{script}"
        );
    }

    #[test]
    fn letters_and_margins_follow_the_frame() {
        let wide = script(&[], 1920, 1080);
        assert!(wide.contains("PlayResX: 1920\nPlayResY: 1080\n"), "{wide}");
        assert!(
            wide.contains(",Arial,70,") && wide.contains(",2,134,134,76,1\n"),
            "{wide}"
        );
        let tall = script(&[], 1080, 1920);
        assert!(
            tall.contains(",Arial,70,") && tall.contains(",2,130,130,422,1\n"),
            "{tall}"
        );
    }
}
