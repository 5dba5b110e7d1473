//! Files whose tracks begin apart, hide pictures or carry no times (MEDIA.md §7).

use daypart_domain::{
    analysis::Stretch,
    compliance::{Finding, Severity, check_edited},
    delivery_spec::DeliverySpec,
    delivery_specs::{BLUESKY, INSTAGRAM_REELS},
    edit::{Edit, KeptRange},
    media_info::{Container, MediaInfo},
    transcode_plan::{Rung, Wishes},
};

use crate::{
    calls::{Call, call},
    clips::clip,
    transcode_plan::NO_LIMITS,
};

fn sending(change: fn(&mut MediaInfo)) -> Call {
    Call {
        wishes: Wishes::sending(),
        ..call(clip(change))
    }
}

fn found(call: &Call, spec: &DeliverySpec, rule: &str) -> Option<(Severity, Option<Rung>)> {
    check_edited(&call.info, &call.edit, &call.analysis, spec, NO_LIMITS)
        .into_iter()
        .find(|finding: &Finding| finding.rule == rule)
        .map(|finding| (finding.severity, finding.fix))
}

#[test]
fn late_sound_is_never_repacked_as_it_is() {
    let late = sending(|info| info.audio_offset_ms = 700);
    assert_eq!(late.one(&BLUESKY).plan.rung, Rung::AsIs, "it is taken");
    assert_eq!(
        found(&late, &BLUESKY, "audio.offset"),
        Some((Severity::Warning, Some(Rung::AudioOnly)))
    );
    let repacked = sending(|info| {
        info.audio_offset_ms = 700;
        info.container = Container::Matroska;
    });
    assert_eq!(repacked.one(&BLUESKY).plan.rung, Rung::AudioOnly);
    let delay_of_a_codec = sending(|info| {
        info.audio_offset_ms = 44;
        info.container = Container::Matroska;
    });
    assert_eq!(delay_of_a_codec.one(&BLUESKY).plan.rung, Rung::Remux);
    assert_eq!(found(&delay_of_a_codec, &BLUESKY, "audio.offset"), None);
}

#[test]
fn an_edit_list_that_moves_something_is_not_dropped_by_a_copy() {
    let of = |offset_ms, hidden_ms| {
        let mut call = sending(|info| info.has_edit_list = true);
        (call.info.audio_offset_ms, call.info.hidden_lead_in_ms) = (offset_ms, hidden_ms);
        found(&call, &INSTAGRAM_REELS, "file.edit_list").unwrap().1
    };
    assert_eq!(of(0, 21), Some(Rung::Remux));
    assert_eq!(of(700, 0), Some(Rung::AudioOnly), "filled with silence");
    assert_eq!(of(-700, 0), Some(Rung::Encode));
    assert_eq!(of(0, 1_300), Some(Rung::Encode));
}

#[test]
fn hidden_pictures_are_told_and_never_copied() {
    let hidden = |info: &mut MediaInfo| (info.has_edit_list, info.hidden_lead_in_ms) = (true, 1_300);
    let mut trimmed = sending(|_| {});
    hidden(&mut trimmed.info);
    assert_eq!(trimmed.one(&BLUESKY).plan.rung, Rung::AsIs);
    assert_eq!(
        found(&trimmed, &BLUESKY, "file.hidden_lead_in"),
        Some((Severity::Warning, Some(Rung::Encode)))
    );
    assert_eq!(
        found(&trimmed, &INSTAGRAM_REELS, "file.hidden_lead_in"),
        None,
        "told once"
    );
    trimmed.info.container = Container::Mov;
    trimmed.edit.sound.muted = true;
    assert_eq!(trimmed.one(&BLUESKY).plan.rung, Rung::Encode);
    // What is cut out lies behind what is hidden.
    trimmed.edit = Edit {
        ranges: vec![KeptRange::new(2_000_000, 5_000_000)],
        ..Edit::default()
    };
    trimmed.keyframes_us = Some(vec![0, 2_000_000, 4_000_000]);
    assert_eq!(trimmed.one(&BLUESKY).plan.rung, Rung::Remux);
}

#[test]
fn times_that_were_reckoned_are_told() {
    let raw = sending(|info| {
        (info.times_are_reckoned, info.container) = (true, Container::Other);
    });
    assert_eq!(
        found(&raw, &BLUESKY, "video.times_reckoned"),
        Some((Severity::Warning, None))
    );
    assert_eq!(raw.one(&BLUESKY).plan.rung, Rung::Encode);
}

#[test]
fn a_long_black_or_still_stretch_is_told_as_far_as_it_is_kept() {
    let mut call = sending(|_| {});
    call.analysis.black = Some(Stretch {
        at_ms: 4_000,
        length_ms: 2_000,
    });
    call.analysis.frozen = Some(Stretch {
        at_ms: 0,
        length_ms: 6_000,
    });
    let advice = Some((Severity::Advice, None));
    assert_eq!(found(&call, &BLUESKY, "video.black"), advice);
    assert_eq!(found(&call, &BLUESKY, "video.frozen"), advice);
    call.edit.ranges = vec![KeptRange::new(0, 5_000_000), KeptRange::new(7_000_000, 9_000_000)];
    assert_eq!(found(&call, &BLUESKY, "video.black"), None, "one second is left");
    assert_eq!(found(&call, &BLUESKY, "video.frozen"), advice);
    call.edit.ranges = vec![KeptRange::new(7_000_000, 9_000_000)];
    assert_eq!(found(&call, &BLUESKY, "video.frozen"), None);
}
