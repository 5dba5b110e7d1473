//! The edit document: what it means, what it refuses, and that no operation breaks it.

use daypart_domain::edit::{Aspect, Captions, Cover, Edit, EditProblem, Fit, KeptRange, PARTS_MAX};
use proptest::prelude::*;

const S: u64 = 1_000_000;

fn with_ranges(ranges: &[(u64, u64)]) -> Edit {
    Edit {
        ranges: ranges
            .iter()
            .map(|(start, end)| KeptRange::new(*start, *end))
            .collect(),
        ..Edit::default()
    }
}

fn ranges(edit: &Edit) -> Vec<(u64, u64)> {
    edit.ranges
        .iter()
        .map(|range| (range.start_us, range.end_us))
        .collect()
}

#[test]
fn a_document_that_says_only_its_version_changes_nothing() {
    let edit = Edit::from_json(r#"{"version": 1}"#).unwrap();
    assert_eq!(edit, Edit::default());
    assert!(edit.is_identity());
    assert!(edit.keeps_picture() && edit.keeps_sound() && edit.keeps_time());
    assert_eq!(edit.kept(5 * S), [KeptRange::new(0, 5 * S)]);
    assert_eq!(edit.problems(5 * S), []);
}

#[test]
fn a_full_document_reads_as_it_is_written() {
    let text = r#"{
        "version": 1,
        "ranges": [{"start_us": 4000000, "end_us": 6000000}, {"start_us": 1000000, "end_us": 2000000}],
        "framing": {"aspect": "portrait_9_16", "fit": {"fill": {"centre_x": 0.25}}},
        "turn": {"rotate_deg": 90},
        "sound": {"volume_db": -3.5, "fade_out_ms": 500, "normalise": true, "track": 2},
        "speed": 2.0,
        "cover": {"at": {"at_us": 4500000}},
        "captions": {"path": "talk.srt", "burned_in": true}
    }"#;
    let edit = Edit::from_json(text).unwrap();
    assert_eq!(ranges(&edit), [(4 * S, 6 * S), (S, 2 * S)]);
    assert_eq!(edit.framing.aspect, Aspect::Portrait9x16);
    assert_eq!(
        edit.framing.fit,
        Fit::Fill {
            centre_x: 0.25,
            centre_y: 0.5
        }
    );
    assert_eq!((edit.turn.rotate_deg, edit.turn.mirrored), (90, false));
    assert_eq!(edit.sound.track, Some(2));
    assert_eq!(edit.edited_duration_us(10 * S), 3 * S / 2);
    assert_eq!(edit.problems(10 * S), []);
    let again = Edit::from_json(&serde_json::to_string(&edit).unwrap()).unwrap();
    assert_eq!(again, edit);
    for (fit, written) in [
        (Fit::Blur, r#""blur""#),
        (Fit::Colour { rgb: [1, 2, 3] }, r#"{"colour":{"rgb":[1,2,3]}}"#),
    ] {
        assert_eq!(serde_json::to_string(&fit).unwrap(), written);
    }
}

#[test]
fn what_is_not_known_is_refused() {
    assert_eq!(
        Edit::from_json(r#"{"version": 2, "holograms": true}"#),
        Err(EditProblem::UnknownVersion { version: 2 })
    );
    assert!(serde_json::from_str::<Edit>(r#"{"version": 2}"#).is_err());
    for text in [
        "",
        "[]",
        "{}",
        r#"{"version": 0}"#,
        r#"{"version": 1, "sped": 2}"#,
        r#"{"version": 1, "turn": {"rotate": 90}}"#,
    ] {
        assert!(Edit::from_json(text).is_err(), "{text}");
    }
}

#[test]
fn every_problem_has_its_sentence() {
    let edit = |change: fn(&mut Edit)| {
        let mut edit = Edit::default();
        change(&mut edit);
        edit
    };
    let table: &[(Edit, &str)] = &[
        (
            with_ranges(&[(2 * S, 2 * S)]),
            "Part 1 ends before it begins. Move one of its ends.",
        ),
        (
            with_ranges(&[(0, S), (9 * S, 11 * S)]),
            "Part 2 reaches past the end of the video. Shorten it.",
        ),
        (
            with_ranges(&[(4 * S, 6 * S), (S, 2 * S), (3 * S, 5 * S)]),
            "Parts 1 and 3 overlap. Shorten one of them.",
        ),
        (
            edit(|edit| edit.speed = 5.0),
            "The speed must lie between 0.25 and 4 times.",
        ),
        (
            edit(|edit| edit.speed = f64::NAN),
            "The speed must lie between 0.25 and 4 times.",
        ),
        (
            edit(|edit| edit.sound.volume_db = 12.5),
            "The volume must lie between -60 and +12 dB.",
        ),
        (
            edit(|edit| (edit.sound.fade_in_ms, edit.sound.fade_out_ms) = (6_000, 5_000)),
            "The fades are longer than the video. Shorten them.",
        ),
        (
            edit(|edit| edit.turn.rotate_deg = 45),
            "The picture can be turned by 90, 180 or 270 degrees only.",
        ),
        (
            edit(|edit| {
                edit.framing.fit = Fit::Fill {
                    centre_x: -0.1,
                    centre_y: 0.5,
                }
            }),
            "The crop window lies outside the picture. Move it back.",
        ),
        (
            edit(|edit| edit.cover = Some(Cover::At { at_us: 10 * S })),
            "The cover's frame lies past the end of the video. Choose another frame.",
        ),
        (
            edit(|edit| edit.cover = Some(Cover::Image { path: String::new() })),
            "No file is named for the cover picture. Choose one.",
        ),
        (
            edit(|edit| {
                edit.captions = Some(Captions {
                    path: String::new(),
                    burned_in: false,
                })
            }),
            "No file is named for the captions. Choose one.",
        ),
        (
            edit(|edit| edit.version = 9),
            "This edit was made by a newer Daypart (version 9). Update Daypart to use it.",
        ),
    ];
    for (edit, sentence) in table {
        let found: Vec<String> = edit.problems(10 * S).iter().map(ToString::to_string).collect();
        assert_eq!(found, [*sentence]);
    }
}

#[test]
fn operations_on_parts() {
    let whole = Edit::default();
    let halves = whole.split(4 * S, 10 * S).unwrap();
    assert_eq!(ranges(&halves), [(0, 4 * S), (4 * S, 10 * S)]);
    assert_eq!(halves.split(4 * S, 10 * S), Err(EditProblem::NothingToSplit));
    assert_eq!(
        halves.join(0, 10 * S).unwrap(),
        whole,
        "a whole video is no ranges again"
    );
    assert_eq!(ranges(&halves.delete(0, 10 * S).unwrap()), [(4 * S, 10 * S)]);
    assert_eq!(
        whole.delete(0, 10 * S),
        Err(EditProblem::NothingLeft),
        "no ranges would mean everything"
    );

    let turned_round = halves.reorder(1, 0, 10 * S).unwrap();
    assert_eq!(ranges(&turned_round), [(4 * S, 10 * S), (0, 4 * S)]);
    assert_eq!(turned_round.join(0, 10 * S), Err(EditProblem::NotJoinable));

    let trimmed = halves.trim(1, 2 * S, 20 * S, 10 * S).unwrap();
    assert_eq!(
        ranges(&trimmed),
        ranges(&halves),
        "handles stop at the neighbour and at the end"
    );
    assert_eq!(
        ranges(&halves.trim(1, 5 * S, 6 * S, 10 * S).unwrap()),
        [(0, 4 * S), (5 * S, 6 * S)]
    );
    assert_eq!(
        halves.trim(1, 6 * S, 5 * S, 10 * S),
        Err(EditProblem::PartEmpty { number: 2 })
    );
    assert_eq!(
        whole.trim(1, 0, S, 10 * S),
        Err(EditProblem::NoSuchPart { number: 2 })
    );

    assert_eq!(
        ranges(&whole.cut(2 * S, 3 * S, 10 * S).unwrap()),
        [(0, 2 * S), (3 * S, 10 * S)]
    );
    assert_eq!(
        ranges(&halves.cut(3 * S, 5 * S, 10 * S).unwrap()),
        [(0, 3 * S), (5 * S, 10 * S)]
    );
    assert_eq!(whole.cut(0, 10 * S, 10 * S), Err(EditProblem::NothingLeft));
    assert_eq!(whole.cut(3 * S, 3 * S, 10 * S).unwrap(), whole);
}

#[test]
fn parts_stay_few_enough_for_one_command_line() {
    let mut edit = Edit::default();
    for number in 1..PARTS_MAX as u64 {
        edit = edit.split(number * S, 1_000 * S).unwrap();
    }
    assert_eq!(edit.ranges.len(), PARTS_MAX);
    assert_eq!(edit.split(900 * S, 1_000 * S), Err(EditProblem::TooManyParts));
}

#[test]
fn times_are_read_through_cuts_order_and_speed() {
    let edit = Edit {
        speed: 2.0,
        ..with_ranges(&[(6 * S, 8 * S), (S, 3 * S)])
    };
    assert_eq!(edit.edited_duration_us(10 * S), 2 * S);
    assert_eq!(edit.edited_at(6 * S, 10 * S), Some(0));
    assert_eq!(edit.edited_at(S, 10 * S), Some(S));
    assert_eq!(edit.edited_at(5 * S, 10 * S), None, "cut away");
    assert_eq!(edit.source_at(S / 2, 10 * S), Some(7 * S));
    assert_eq!(edit.source_at(3 * S / 2, 10 * S), Some(2 * S));
    assert_eq!(edit.source_at(2 * S, 10 * S), None, "past the end");
}

#[derive(Debug, Clone)]
enum Operation {
    Split(u64),
    Trim(usize, u64, u64),
    Delete(usize),
    Cut(u64, u64),
    Join(usize),
    Reorder(usize, usize),
}

const DURATION_US: u64 = 60 * S;

fn operation() -> impl Strategy<Value = Operation> {
    // Few distinct times, so that borders meet.
    let time = || prop_oneof![(0..=70_u64).prop_map(|second| second * S), 0..=DURATION_US + 5];
    prop_oneof![
        3 => time().prop_map(Operation::Split),
        2 => (0..6_usize, time(), time()).prop_map(|(index, a, b)| Operation::Trim(index, a, b)),
        1 => (0..6_usize).prop_map(Operation::Delete),
        2 => (time(), time()).prop_map(|(a, b)| Operation::Cut(a, b)),
        1 => (0..6_usize).prop_map(Operation::Join),
        2 => (0..6_usize, 0..6_usize).prop_map(|(from, to)| Operation::Reorder(from, to)),
    ]
}

fn applied(edit: &Edit, operation: &Operation) -> Result<Edit, EditProblem> {
    match *operation {
        Operation::Split(at) => edit.split(at, DURATION_US),
        Operation::Trim(index, start, end) => edit.trim(index, start, end, DURATION_US),
        Operation::Delete(index) => edit.delete(index, DURATION_US),
        Operation::Cut(start, end) => edit.cut(start, end, DURATION_US),
        Operation::Join(index) => edit.join(index, DURATION_US),
        Operation::Reorder(from, to) => edit.reorder(from, to, DURATION_US),
    }
}

fn edited() -> impl Strategy<Value = Edit> {
    (
        prop::collection::vec(operation(), 0..25),
        prop::sample::select(vec![1.0, 0.25, 0.3, 1.5, 2.0, 3.7, 4.0]),
    )
        .prop_map(|(operations, speed)| {
            let whole = Edit {
                speed,
                ..Edit::default()
            };
            operations
                .iter()
                .fold(whole, |edit, operation| applied(&edit, operation).unwrap_or(edit))
        })
}

proptest! {
    #[test]
    fn no_operation_ever_makes_parts_overlap_or_vanish(edit in edited(), operation in operation()) {
        prop_assert_eq!(edit.problems(DURATION_US), []);
        if let Ok(next) = applied(&edit, &operation) {
            prop_assert_eq!(next.problems(DURATION_US), []);
            prop_assert!(next.kept_duration_us(DURATION_US) > 0);
            if let Operation::Split(_) | Operation::Reorder(..) = operation {
                prop_assert_eq!(next.kept_duration_us(DURATION_US), edit.kept_duration_us(DURATION_US));
            }
            if let Operation::Cut(start, end) = operation {
                prop_assert!((start..end).step_by(100_000).all(|time| next.edited_at(time, DURATION_US).is_none()));
            }
        }
    }

    #[test]
    fn edited_time_leads_back_to_where_it_came_from(edit in edited(), share in 0.0..1.0_f64) {
        let duration_us = edit.edited_duration_us(DURATION_US);
        let edited_us = (duration_us as f64 * share) as u64;
        let source_us = edit.source_at(edited_us, DURATION_US).unwrap();
        let again_us = edit.edited_at(source_us, DURATION_US).unwrap();
        // One microsecond of the source is four of the result at quarter speed.
        let one_source_us = (1.0 / edit.speed).ceil() as u64;
        prop_assert!(again_us.abs_diff(edited_us) <= one_source_us, "{} {} {}", edited_us, source_us, again_us);
        if edit.speed == 1.0 {
            prop_assert_eq!(again_us, edited_us);
        }
    }

    #[test]
    fn a_document_survives_being_written_and_read(edit in edited()) {
        prop_assert_eq!(Edit::from_json(&serde_json::to_string(&edit).unwrap()).unwrap(), edit);
    }
}
