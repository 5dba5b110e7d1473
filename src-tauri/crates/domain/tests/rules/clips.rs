//! Files and specs to measure against each other.

use daypart_domain::{
    delivery_spec::{DeliverySpec, Document},
    media_info::{AudioTrack, Container, FrameRate, MediaInfo, VideoTrack},
};
use proptest::prelude::*;

pub const CONTRACT: Document = Document {
    title: "the contract",
    as_of: "",
};

/// The numbers that an app meets most.
pub fn strict_spec() -> DeliverySpec {
    DeliverySpec {
        frame_rate_min_fps: Some(CONTRACT.states(23.0)),
        frame_rate_max_fps: Some(CONTRACT.states(60.0)),
        side_min_px: Some(CONTRACT.states(360)),
        side_max_px: Some(CONTRACT.states(4096)),
        duration_min_ms: Some(CONTRACT.states(3_000)),
        duration_max_ms: Some(CONTRACT.states(600_000)),
        audio_channels_max: Some(CONTRACT.states(2)),
        audio_sample_rate_max_hz: Some(CONTRACT.states(48_000)),
        index_first: Some(CONTRACT.states(())),
        ..DeliverySpec::naming(
            "strict",
            "TikTok",
            1,
            CONTRACT.states(&[Container::Mp4, Container::Mov, Container::Webm]),
            CONTRACT.states(&["h264", "hevc", "vp8", "vp9"]),
            CONTRACT.states(&["aac"]),
            CONTRACT.states(4_000_000_000),
        )
    }
}

/// A platform that says next to nothing.
pub fn lenient_spec() -> DeliverySpec {
    DeliverySpec::naming(
        "anything",
        "Anything",
        7,
        CONTRACT.states(&[
            Container::Mp4,
            Container::Mov,
            Container::Matroska,
            Container::Avi,
        ]),
        CONTRACT.states(&["h264", "mpeg2video", "prores"]),
        CONTRACT.states(&["aac", "pcm_s16le", "vorbis"]),
        CONTRACT.states(256 << 30),
    )
}

/// Complies with everything.
pub fn good_clip() -> MediaInfo {
    MediaInfo {
        container: Container::Mp4,
        size_bytes: 20_000_000,
        duration_ms: 15_000,
        missing_ms: 0,
        times_are_reckoned: false,
        video: VideoTrack {
            stream_index: 0,
            codec: "h264".to_owned(),
            profile: Some("High".to_owned()),
            coded_width_px: 1080,
            coded_height_px: 1920,
            width_px: 1080,
            height_px: 1920,
            rotation_deg: 0,
            mirrored: false,
            square_pixels: true,
            pixel_format: "yuv420p".to_owned(),
            bit_depth: 8,
            hdr: false,
            interlaced: false,
            average_frame_rate: rate(30, 1),
            variable_frame_rate: false,
            bit_rate_bps: Some(10_000_000),
        },
        audio: Some(AudioTrack {
            stream_index: 1,
            codec: "aac".to_owned(),
            channels: 2,
            sample_rate_hz: 48_000,
            bit_rate_bps: Some(128_000),
            language: None,
            title: None,
        }),
        audio_track_count: 1,
        audio_tracks: Vec::new(),
        audio_offset_ms: 0,
        index_first: Some(true),
        has_edit_list: false,
        hidden_lead_in_ms: 0,
        has_private_metadata: false,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the field is optional")]
pub fn rate(numerator: u32, denominator: u32) -> Option<FrameRate> {
    Some(FrameRate {
        numerator,
        denominator,
    })
}

/// The good clip, changed.
pub fn clip(change: impl FnOnce(&mut MediaInfo)) -> MediaInfo {
    let mut info = good_clip();
    change(&mut info);
    info
}

/// Files of every kind a probe can return.
pub fn any_clip() -> impl Strategy<Value = MediaInfo> {
    let container = prop::sample::select(vec![
        Container::Mp4,
        Container::Mov,
        Container::Webm,
        Container::Matroska,
        Container::Avi,
        Container::MpegTs,
        Container::MpegPs,
        Container::Other,
    ]);
    let codec = prop::sample::select(vec![
        "h264",
        "hevc",
        "vp8",
        "vp9",
        "av1",
        "prores",
        "mpeg2video",
        "gif",
    ]);
    let audio = prop::option::of((
        prop::sample::select(vec!["aac", "pcm_s16le", "opus", "vorbis", "ac3"]),
        1..9_u16,
        prop::sample::select(vec![8_000_u32, 44_100, 48_000, 96_000]),
    ));
    let side = prop_oneof![1..8_200_u32, 300..420_u32, Just(1080_u32), Just(1920_u32)];
    let frame_rate = prop::option::of((1..=250_u32, prop::sample::select(vec![1_u32, 2, 1001])));
    (
        (container, codec, audio),
        (side.clone(), side, frame_rate),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        (0..1_200_000_u64, 1..6_000_000_000_u64),
    )
        .prop_map(
            |((container, codec, audio), (width_px, height_px, frame_rate), flags, amounts)| {
                clip(|info| {
                    info.container = container;
                    info.video.codec = codec.to_owned();
                    (info.video.width_px, info.video.height_px) = (width_px, height_px);
                    (info.video.coded_width_px, info.video.coded_height_px) = (width_px, height_px);
                    info.video.average_frame_rate = frame_rate.and_then(|(numerator, denominator)| {
                        rate(
                            if denominator == 1001 {
                                numerator * 1000
                            } else {
                                numerator
                            },
                            denominator,
                        )
                    });
                    info.audio_track_count = u32::from(audio.is_some());
                    info.audio = audio.map(|(codec, channels, sample_rate_hz)| AudioTrack {
                        stream_index: 1,
                        codec: codec.to_owned(),
                        channels,
                        sample_rate_hz,
                        bit_rate_bps: None,
                        language: None,
                        title: None,
                    });
                    (
                        info.video.variable_frame_rate,
                        info.video.hdr,
                        info.video.interlaced,
                    ) = (flags.0, flags.1, flags.2);
                    info.has_private_metadata = flags.3;
                    info.index_first =
                        matches!(container, Container::Mp4 | Container::Mov).then_some(flags.3);
                    (info.duration_ms, info.size_bytes) = amounts;
                })
            },
        )
}
