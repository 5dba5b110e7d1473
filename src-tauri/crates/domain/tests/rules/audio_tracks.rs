//! Which of several audio tracks is heard.

use daypart_domain::{
    analysis::Analysis,
    compliance::check_edited,
    delivery_specs::BLUESKY,
    edit::{Edit, EditProblem},
    edited_media::edited_info,
    media_info::{AudioTrack, MediaInfo},
    transcode_plan::Rung,
};

use crate::{
    calls::{Call, call},
    clips::clip,
};

fn track(stream_index: u32, language: &str, channels: u16) -> AudioTrack {
    AudioTrack {
        stream_index,
        codec: "aac".to_owned(),
        channels,
        sample_rate_hz: 48_000,
        bit_rate_bps: Some(128_000),
        language: Some(language.to_owned()),
        title: None,
    }
}

/// The picture is stream 0, as usual.
fn three_tracks() -> MediaInfo {
    clip(|info| {
        info.audio_tracks = vec![track(1, "eng", 2), track(2, "deu", 1), track(3, "fra", 6)];
        info.audio = info.audio_tracks.first().cloned();
        info.audio_track_count = 3;
    })
}

fn choosing(stream_index: u32) -> Call {
    let mut call = call(three_tracks());
    call.edit.sound.track = Some(stream_index);
    call
}

#[test]
fn the_chosen_track_counts_with_its_own_facts() {
    let call = choosing(3);
    let edited = edited_info(&call.info, &call.edit);
    assert_eq!(
        edited
            .audio
            .as_ref()
            .map(|audio| (audio.stream_index, audio.channels)),
        Some((3, 6))
    );
    let planned = choosing(2).one(&BLUESKY);
    assert_eq!(
        (planned.plan.rung, planned.plan.sound.track),
        (Rung::Remux, Some(2))
    );
    assert_eq!(planned.lost, ["Only one audio track is kept."]);
    let mut louder = choosing(3);
    louder.edit.sound.volume_db = 3.0;
    let lost = louder.one(&BLUESKY).lost;
    assert!(lost.contains(&"6 channels become two.".to_owned()), "{lost:?}");
}

#[test]
fn the_main_track_by_name_is_the_main_track() {
    let planned = choosing(1).one(&BLUESKY);
    assert_eq!((planned.plan.rung, planned.plan.sound.track), (Rung::AsIs, None));
}

#[test]
fn what_was_measured_of_the_main_track_says_nothing_about_another() {
    let sound = |stream_index: Option<u32>| {
        let mut call = call(three_tracks());
        call.edit.sound.track = stream_index;
        call.edit.sound.normalise = true;
        call.analysis = Analysis {
            silent: Some(true),
            true_peak_dbtp: Some(-30.0),
            loudness_lufs: Some(-20.0),
            ..Analysis::default()
        };
        let sound = call.one(&BLUESKY).plan.sound;
        let told = check_edited(&call.info, &call.edit, &call.analysis, &BLUESKY, call.limits);
        let silence = told.iter().any(|finding| finding.rule == "audio.silent");
        (sound.measure_first, sound.limit_peaks, silence)
    };
    assert_eq!(sound(Some(2)), (true, true, false));
    assert!(sound(None).2);
    assert_eq!(sound(Some(1)), sound(None));
}

#[test]
fn a_track_that_this_video_does_not_have_is_told() {
    let choosing = |stream_index| {
        let mut edit = Edit::default();
        edit.sound.track = Some(stream_index);
        edit
    };
    assert_eq!(choosing(2).problems_on(&three_tracks()), []);
    assert_eq!(
        choosing(0).problems_on(&three_tracks()),
        [EditProblem::NoSuchAudioTrack { stream_index: 0 }],
        "the picture is no sound"
    );
    assert_eq!(
        EditProblem::NoSuchAudioTrack { stream_index: 4 }.to_string(),
        "This video has no audio track 4. Choose one of its own."
    );
    let unlisted = MediaInfo {
        audio_tracks: Vec::new(),
        ..three_tracks()
    };
    assert_eq!(
        choosing(2).problems_on(&unlisted),
        [],
        "an old record cannot tell"
    );
    let silent = MediaInfo {
        audio_tracks: Vec::new(),
        audio: None,
        audio_track_count: 0,
        ..three_tracks()
    };
    assert_eq!(choosing(2).problems_on(&silent), []);
}
