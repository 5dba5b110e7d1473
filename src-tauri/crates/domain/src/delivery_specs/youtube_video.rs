//! YouTube, any video. Square and vertical ones of at most three minutes become Shorts by themselves.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake, ShortForm},
    media_info::Container,
};

pub(super) const FORMATS: Document = Document {
    title: "YouTube Help, supported formats",
    as_of: "2026-11",
};
pub(super) const API: Document = Document {
    title: "YouTube Data API, videos resource",
    as_of: "2026-11",
};
pub(super) const SHORTS: Document = Document {
    title: "YouTube Help, three-minute Shorts (15424877)",
    as_of: "2026-11",
};
pub(super) const ENCODING: Document = Document {
    title: "YouTube Help, recommended upload encoding settings (1722171)",
    as_of: "2026-11",
};
const LONG_UPLOADS: Document = Document {
    title: "YouTube Help, long uploads",
    as_of: "2026-11",
};

pub(super) const SHORT: ShortForm = ShortForm {
    name: "a Short",
    duration_max_ms: 180_000,
    claims_block_above_ms: Some(60_000),
};

pub static YOUTUBE_VIDEO: DeliverySpec = VIDEO;

pub(super) const VIDEO: DeliverySpec = DeliverySpec {
    // Without a verified phone number a channel may only upload a quarter of an hour.
    duration_doubtful_ms: Some(LONG_UPLOADS.leaves_open(15 * 60 * 1_000)),
    duration_max_ms: Some(LONG_UPLOADS.reports(12 * 60 * 60 * 1_000)),
    short_form: Some(SHORTS.states(SHORT)),
    audio_rate_best_bps: Some(ENCODING.advises(384_000)),
    pictures: Some(API.states(PictureIntake::Never)),
    ..DeliverySpec::naming(
        "youtube_video",
        "YouTube",
        2,
        FORMATS.states(&[Container::Mp4, Container::Mov, Container::Webm]),
        FORMATS.states(&[
            "h264",
            "hevc",
            "vp8",
            "vp9",
            "av1",
            "mpeg4",
            "mpeg2video",
            "prores",
            "dnxhd",
        ]),
        FORMATS.states(&[
            "aac",
            "mp3",
            "opus",
            "vorbis",
            "flac",
            "ac3",
            "eac3",
            "pcm_s16le",
            "pcm_s16be",
            "pcm_s24le",
            "pcm_s24be",
        ]),
        API.states(274_877_906_944),
    )
};
