//! Caption files are read strictly and never guessed at; on the edited video words stay with their picture.

use daypart_domain::{
    captions::{
        CUES_MAX, CaptionFormat, CaptionProblem, Cue, FILE_MAX_BYTES, for_edit, read, retimed, to_srt,
    },
    edit::{Edit, KeptRange},
};
use proptest::prelude::*;

const MS: u64 = 1_000;

fn cue(start_ms: u64, end_ms: u64, text: &str) -> Cue {
    Cue {
        start_us: start_ms * MS,
        end_us: end_ms * MS,
        text: text.to_owned(),
    }
}

fn cues(text: &str) -> Vec<Cue> {
    read(text.as_bytes()).unwrap().cues
}

fn problem(text: &str) -> CaptionProblem {
    read(text.as_bytes()).unwrap_err()
}

#[test]
fn an_srt_file_is_read_with_its_lines_in_order_of_time() {
    let text = "\u{feff}2\r\n00:00:03,500 --> 00:00:05,000\r\nSecond\r\nof two lines\r\n\r\n1\r\n00:00:01,000 --> 00:00:02,250\r\nFirst\r\n";
    let file = read(text.as_bytes()).unwrap();
    assert_eq!(file.format, CaptionFormat::Srt);
    assert_eq!(
        file.cues,
        [
            cue(1_000, 2_250, "First"),
            cue(3_500, 5_000, "Second\nof two lines")
        ]
    );
}

#[test]
fn a_webvtt_file_is_read_without_its_notes_styles_names_and_positions() {
    let text = "WEBVTT - talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE nothing to see\n\nintro\n00:01.000 --> 00:02.000 line:0 align:start\n<v Ada>R&amp;D is <i>fun</i> &lt;3\n\n01:00:00.000 --> 01:00:01.000\nLate\n";
    let file = read(text.as_bytes()).unwrap();
    assert_eq!(file.format, CaptionFormat::WebVtt);
    assert_eq!(
        file.cues,
        [
            cue(1_000, 2_000, "R&D is fun <3"),
            cue(3_600_000, 3_601_000, "Late")
        ]
    );
}

#[test]
fn tags_and_drawing_commands_of_an_srt_file_are_no_words() {
    let text = "1\n00:00:00,000 --> 00:00:01,000\n{\\an8\\p1}<font color=\"#fff\">Hello</font> {you} 1 < 2 &amp;\u{7}\n";
    assert_eq!(cues(text), [cue(0, 1_000, "Hello {you} 1 < 2 &amp;")]);
}

#[test]
fn a_caption_without_words_is_left_out() {
    let text = "1\n00:00:00,000 --> 00:00:01,000\n\n2\n00:00:01,000 --> 00:00:02,000\n<i></i>\n\n3\n00:00:02,000 --> 00:00:03,000\nWords\n";
    assert_eq!(cues(text), [cue(2_000, 3_000, "Words")]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let fine = "1\n00:00:00,000 --> 00:00:01,000\nWords\n\n";
    let bad_times = problem(&format!("{fine}2\n00:00:61,000 --> 00:01:02,000\nMore\n"));
    assert_eq!(
        bad_times.to_string(),
        "Line 6 of the captions is not a pair of times: “00:00:61,000 --> 00:01:02,000”."
    );
    let no_times = problem(&format!("{fine}More words\n"));
    assert!(
        no_times.to_string().starts_with("Line 5 of the captions"),
        "{no_times}"
    );
    let turned = problem(&format!("{fine}2\n00:00:05,000 --> 00:00:05,000\nMore\n"));
    assert_eq!(turned, CaptionProblem::EndsBeforeStart { line: 6 });
}

#[test]
fn what_is_no_caption_file_is_refused() {
    assert_eq!(problem(""), CaptionProblem::Empty);
    assert_eq!(problem(" \r\n\n"), CaptionProblem::Empty);
    assert_eq!(problem("WEBVTT\n\nNOTE only a note\n"), CaptionProblem::Empty);
    assert_eq!(problem("[Script Info]\nTitle: x\n"), CaptionProblem::NotCaptions);
    assert_eq!(
        problem("WEBVTTX\n\n00:01.000 --> 00:02.000\nx\n").to_string(),
        "This is neither an SRT nor a WebVTT file."
    );
}

#[test]
fn other_encodings_are_told_apart_from_utf_8() {
    let latin = b"1\n00:00:00,000 --> 00:00:01,000\nM\xfcde\n";
    assert_eq!(read(latin).unwrap_err(), CaptionProblem::NotUtf8);
    let wide: Vec<u8> = "1\n00:00:00,000 --> 00:00:01,000\nWords\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read(&wide).unwrap_err(), CaptionProblem::NotUtf8);
}

#[test]
fn size_number_and_length_are_bounded() {
    assert_eq!(
        read(&vec![b' '; FILE_MAX_BYTES + 1]).unwrap_err(),
        CaptionProblem::TooLarge
    );
    let many = "0:00:00,000 --> 0:00:01,000\nx\n\n".repeat(CUES_MAX + 1);
    assert_eq!(problem(&many), CaptionProblem::TooManyCues);
    let long = format!("0:00:00,000 --> 0:00:01,000\n{}\n", "x".repeat(1_001));
    assert_eq!(problem(&long), CaptionProblem::CueTooLong { line: 1 });
}

#[test]
fn words_follow_their_picture_through_cuts_and_speed() {
    let source = [
        cue(0, 1_000, "cut away"),
        cue(1_500, 3_000, "shortened"),
        cue(8_000, 9_000, "comes first"),
    ];
    let edit = Edit {
        ranges: vec![
            KeptRange::new(7_000 * MS, 10_000 * MS),
            KeptRange::new(2_000 * MS, 4_000 * MS),
        ],
        speed: 2.0,
        ..Edit::default()
    };
    assert_eq!(
        for_edit(&source, &edit, 10_000 * MS),
        [cue(500, 1_000, "comes first"), cue(1_500, 2_000, "shortened")]
    );
}

#[test]
fn a_split_that_cuts_nothing_away_parts_no_caption() {
    let source = [cue(1_000, 5_000, "one sentence")];
    let parts = [
        KeptRange::new(0, 2_000 * MS),
        KeptRange::new(2_000 * MS, 6_000 * MS),
    ];
    assert_eq!(retimed(&source, &parts, 1.0), source);
    let jumping = [
        KeptRange::new(0, 2_000 * MS),
        KeptRange::new(2_500 * MS, 6_000 * MS),
    ];
    assert_eq!(
        retimed(&source, &jumping, 1.0),
        [
            cue(1_000, 2_000, "one sentence"),
            cue(2_000, 4_500, "one sentence")
        ]
    );
}

#[test]
fn a_flicker_is_left_out() {
    let source = [cue(1_000, 2_000, "words")];
    assert_eq!(
        retimed(&source, &[KeptRange::new(1_980 * MS, 5_000 * MS)], 1.0),
        []
    );
}

prop_compose! {
    fn any_cues()(cues in prop::collection::vec((0_u64..100_000, 40_u64..5_000, "[a-z&<>{}]{1,8}( [a-z]{1,8})?"), 1..20)) -> Vec<Cue> {
        let mut cues: Vec<Cue> = cues.into_iter().map(|(start_ms, length_ms, text)| cue(start_ms, start_ms + length_ms, &text)).collect();
        cues.sort_by_key(|cue| cue.start_us);
        cues
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn what_is_read_is_plain_and_can_be_written_and_read_again(words in "[ -~äß🎬]{1,40}") {
        if let Ok(file) = read(format!("1\n00:00:01,000 --> 00:00:02,000\n{words}\n").as_bytes()) {
            prop_assert!(!file.cues[0].text.chars().any(|character| character.is_control()));
            prop_assert!(file.cues[0].end_us == 2_000_000);
        }
    }

    #[test]
    fn nothing_is_shown_outside_the_result(
        cues in any_cues(),
        first in (0_u64..50_000, 1_000_u64..20_000),
        second in (70_001_u64..90_000, 1_000_u64..20_000),
        speed in 0.25_f64..4.0,
    ) {
        let parts = [first, second].map(|(start_ms, length_ms)| KeptRange::new(start_ms * MS, (start_ms + length_ms) * MS));
        let edit = Edit { ranges: parts.to_vec(), speed, ..Edit::default() };
        let result_us = edit.edited_duration_us(200_000 * MS);
        for cue in for_edit(&cues, &edit, 200_000 * MS) {
            prop_assert!(cue.start_us < cue.end_us && cue.end_us <= result_us + 1);
            // The moment in the middle shows a picture that the words belonged to.
            let middle_us = edit.source_at(u64::midpoint(cue.start_us, cue.end_us), 200_000 * MS).unwrap();
            let belongs = cues.iter().any(|known| known.text == cue.text && known.start_us <= middle_us + 1 && middle_us < known.end_us + 1);
            prop_assert!(belongs);
        }
    }

    #[test]
    fn an_unedited_video_keeps_its_captions_and_they_survive_the_writing(cues in any_cues()) {
        let kept = for_edit(&cues, &Edit::default(), 1_000_000 * MS);
        prop_assert_eq!(&kept, &cues);
        let times = |cues: &[Cue]| cues.iter().map(|cue| (cue.start_us, cue.end_us)).collect::<Vec<_>>();
        if let Ok(read_again) = read(to_srt(&kept).as_bytes()) && read_again.cues.len() == kept.len() {
            prop_assert_eq!(times(&read_again.cues), times(&kept));
        }
    }
}

#[test]
fn written_captions_read_as_they_were() {
    let source = [
        cue(0, 1_500, "Müde, aber glücklich"),
        cue(3_599_999, 3_600_500, "zwei\nZeilen"),
    ];
    let text = to_srt(&source);
    assert!(
        text.starts_with("1\n00:00:00,000 --> 00:00:01,500\nMüde"),
        "{text}"
    );
    assert_eq!(cues(&text), source);
}
