//! Parts that come into the frame on their own: the document, what operations make of it, and the plan.

use daypart_domain::{
    delivery_specs::BLUESKY,
    edit::{Aspect, Edit, EditProblem, Fit, KeptRange},
    edited_media::edited_info,
    transcode_plan::{Background, CropWindow, Cut, EncodeTarget, PartFrame, Rung},
};

use crate::{calls::call, clips::clip};

const S: u64 = 1_000_000;
const LEFT: Fit = Fit::Fill {
    centre_x: 0.0,
    centre_y: 0.5,
};
const RIGHT: Fit = Fit::Fill {
    centre_x: 1.0,
    centre_y: 0.5,
};

fn part(start_s: u64, end_s: u64, fit: Option<Fit>) -> KeptRange {
    KeptRange {
        fit,
        ..KeptRange::new(start_s * S, end_s * S)
    }
}

/// Portrait, and filled from the left but for what a part says.
fn portrait(parts: &[KeptRange]) -> Edit {
    let mut edit = Edit {
        ranges: parts.to_vec(),
        ..Edit::default()
    };
    edit.framing.aspect = Aspect::Portrait9x16;
    edit.framing.fit = LEFT;
    edit
}

/// Of 1920 × 1080 in 10 s.
fn target(edit: &Edit) -> EncodeTarget {
    let mut call = call(clip(|info| {
        (info.video.width_px, info.video.height_px) = (1920, 1080);
        info.duration_ms = 10_000;
    }));
    call.edit = edit.clone();
    let plan = call.one(&BLUESKY).plan;
    assert_eq!((plan.rung, plan.cut), (Rung::Encode, Some(Cut::Accurate)));
    assert!(
        plan.parts.iter().all(|part| part.fit.is_none()),
        "parts are times alone"
    );
    plan.target.unwrap()
}

fn window(x_px: u32) -> Option<CropWindow> {
    Some(CropWindow {
        x_px,
        y_px: 0,
        width_px: 608,
        height_px: 1080,
    })
}

#[test]
fn a_part_says_how_it_is_framed_only_where_it_differs() {
    let edit = portrait(&[part(0, 2, None), part(3, 5, Some(Fit::Blur))]);
    let text = serde_json::to_string(&edit).unwrap();
    assert!(
        text.contains(
            r#""ranges":[{"start_us":0,"end_us":2000000},{"start_us":3000000,"end_us":5000000,"fit":"blur"}]"#
        ),
        "{text}"
    );
    assert_eq!(Edit::from_json(&text).unwrap(), edit);
    assert_eq!(edit.fits(), [LEFT, Fit::Blur]);
    assert!(Edit::from_json(&text.replace("blur", "stretch")).is_err());
}

#[test]
fn a_window_outside_the_picture_is_told_for_a_part_too() {
    let outside = Fit::Fill {
        centre_x: 1.5,
        centre_y: 0.5,
    };
    let edit = portrait(&[part(0, 2, None), part(3, 5, Some(outside))]);
    assert_eq!(edit.problems(10 * S), [EditProblem::CropCentre]);
}

#[test]
fn operations_leave_each_part_its_framing() {
    let (one, other) = (part(0, 4, Some(RIGHT)), part(4, 10, Some(Fit::Blur)));
    let edit = portrait(&[one, other]);
    let (split, cut, trimmed) = (
        edit.split(2 * S, 10 * S).unwrap(),
        edit.cut(S, 2 * S, 10 * S).unwrap(),
        edit.trim(1, 5 * S, 6 * S, 10 * S).unwrap(),
    );
    assert_eq!(
        split.ranges,
        [part(0, 2, Some(RIGHT)), part(2, 4, Some(RIGHT)), other]
    );
    assert_eq!(
        cut.ranges,
        [part(0, 1, Some(RIGHT)), part(2, 4, Some(RIGHT)), other]
    );
    assert_eq!(trimmed.ranges, [one, part(5, 6, Some(Fit::Blur))]);
    assert_eq!(edit.reorder(0, 1, 10 * S).unwrap().ranges, [other, one]);
    assert_eq!(split.join(0, 10 * S).unwrap(), edit, "joining takes a split back");
}

#[test]
fn the_only_part_left_hands_its_framing_to_the_edit() {
    let edit = portrait(&[part(0, 4, None), part(4, 10, Some(Fit::Blur))]);
    let deleted = edit.delete(0, 10 * S).unwrap();
    assert_eq!(
        (deleted.framing.fit, deleted.ranges.as_slice()),
        (Fit::Blur, &[part(4, 10, None)][..])
    );
    let whole = edit.join(0, 10 * S).unwrap();
    assert_eq!(
        (whole.framing.fit, whole.ranges.as_slice()),
        (LEFT, &[][..]),
        "as the first of the two"
    );
}

#[test]
fn the_window_moves_from_part_to_part_in_one_frame() {
    let target = target(&portrait(&[part(0, 2, None), part(3, 5, Some(RIGHT))]));
    assert_eq!((target.width_px, target.height_px), (608, 1080));
    assert_eq!((target.crop, target.background), (None, Background::Black));
    let windows: Vec<_> = target.part_frames.iter().map(|frame| frame.crop).collect();
    assert_eq!(windows, [window(0), window(1312)]);
}

#[test]
fn the_frame_is_as_large_as_its_largest_part_needs() {
    let edit = portrait(&[part(0, 2, None), part(3, 5, Some(Fit::Blur))]);
    let mixed = target(&edit);
    assert_eq!(
        (mixed.width_px, mixed.height_px),
        (1080, 1920),
        "the fitted part keeps its width"
    );
    assert_eq!(
        mixed.part_frames,
        [
            PartFrame {
                crop: window(0),
                background: Background::Black
            },
            PartFrame {
                crop: None,
                background: Background::Blur
            },
        ]
    );
    let source = clip(|info| (info.video.width_px, info.video.height_px) = (1920, 1080));
    let expected = edited_info(&source, &edit);
    assert_eq!((expected.video.width_px, expected.video.height_px), (1080, 1920));
}

#[test]
fn parts_that_are_framed_alike_make_the_same_plan_as_an_edit_framed_so() {
    let mut by_edit = portrait(&[part(0, 2, None), part(3, 5, None)]);
    by_edit.framing.fit = RIGHT;
    let by_parts = portrait(&[part(0, 2, Some(RIGHT)), part(3, 5, Some(RIGHT))]);
    assert_eq!(target(&by_parts), target(&by_edit));
    let text = serde_json::to_string(&target(&by_edit)).unwrap();
    assert!(
        !text.contains("part_frames"),
        "renditions made before keep their key: {text}"
    );
}

#[test]
fn another_framing_of_a_part_is_another_plan() {
    let one = target(&portrait(&[part(0, 2, None), part(3, 5, Some(RIGHT))]));
    let other = target(&portrait(&[part(0, 2, None), part(3, 5, Some(Fit::Blur))]));
    let written = |target: &EncodeTarget| serde_json::to_string(target).unwrap();
    assert_ne!(written(&one), written(&other));
    assert_eq!(serde_json::from_str::<EncodeTarget>(&written(&one)).unwrap(), one);
}

#[test]
fn in_the_sources_own_shape_nothing_is_framed() {
    let mut edit = portrait(&[part(0, 2, None), part(3, 5, Some(Fit::Blur))]);
    edit.framing.aspect = Aspect::Source;
    assert!(edit.keeps_picture());
}
