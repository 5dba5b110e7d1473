//! The cheapest way to make a file comply.

use serde::{Deserialize, Serialize};

use crate::{
    analysis::Analysis,
    compliance::Finding,
    delivery_spec::{AccountLimits, DeliverySpec},
    edit::{Edit, KeptRange},
    media_info::{Container, MediaInfo},
};

mod bounds;
mod cutting;
mod estimate;
pub(crate) mod geometry;
mod grouping;
mod losses;
mod material;
mod picture;
mod planned;
mod renditions;
mod smart;
mod sound;
mod target;

pub(crate) use bounds::ASPECT_TOLERANCE;
pub use cutting::lossless_alternative;
pub use estimate::{ExpectedTime, PastRun, SpeedHistory, work_of};
pub use material::{Destination, EncodeWish, Material, Sharing, Wishes};
pub use planned::{Checked, Obstacle, PlannedRendition, Reason};
pub use renditions::{check_and_plan, plan_all};
pub use target::{Background, CropWindow, EncodeTarget, HardwareEncoder, PartFrame, Quality, SoundTarget};

/// Under this video rate a re-encode made only to save bytes would be ugly.
pub(crate) const RATE_WORTH_SENDING_BPS: u64 = 1_000_000;

/// From touching nothing to encoding everything. Ordered by cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The bytes sent are the file's own.
    AsIs,
    /// New container, the same video and audio.
    Remux,
    /// The same video, new audio.
    AudioOnly,
    /// New video (and audio).
    Encode,
}

/// What to do to a file and why. Same input, same plan.
///
/// The order of effect is [`crate::edit`]'s: parts are cut and joined, the picture is cropped and turned, speed
/// and sound come last. Everything here is already decided; an encoder follows it and asks nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranscodePlan {
    pub rung: Rung,
    /// One sentence per rule that made it necessary; empty for `AsIs`.
    pub reasons: Vec<String>,
    /// Names the spec (and its version) the plan was made for; part of a rendition's key.
    pub spec_key: String,
    /// Numbers of the picture; present for `Encode` alone.
    pub target: Option<EncodeTarget>,
    /// What is kept, in play order, on the source's time line; empty keeps everything.
    #[serde(default)]
    pub parts: Vec<KeptRange>,
    /// How the parts are cut; `None` when there is nothing to cut.
    #[serde(default)]
    pub cut: Option<Cut>,
    /// 2 plays twice as fast, 0.25 ..= 4. Anything but 1 stands with `Encode` alone.
    #[serde(default = "normal_speed")]
    pub speed: f64,
    /// What happens to the sound; untouched below `AudioOnly`, but for a removed or another track.
    #[serde(default)]
    pub sound: SoundTarget,
}

/// How kept parts are cut out of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Every part starts on a keyframe: the frames kept are the source's own bits.
    Lossless,
    /// A part starts between keyframes: the picture is encoded again, exact to the frame.
    Accurate,
    /// As exact, with new video only up to the next keyframe of each part and the source's own bits after it,
    /// where the source allows it and the result passes its check; else like `Accurate`. For uploads alone: a few
    /// hardware players stumble over such a track.
    Smart,
}

impl Default for TranscodePlan {
    /// Sends the file as it is.
    fn default() -> Self {
        Self {
            rung: Rung::AsIs,
            reasons: Vec::new(),
            spec_key: String::new(),
            target: None,
            parts: Vec::new(),
            cut: None,
            speed: normal_speed(),
            sound: SoundTarget::default(),
        }
    }
}

fn normal_speed() -> f64 {
    1.0
}

/// The findings that remain after the plan: what Daypart cannot fix by itself.
pub fn unfixable(findings: &[Finding]) -> Vec<&Finding> {
    findings
        .iter()
        .filter(|finding| finding.is_refusal() && finding.fix.is_none())
        .collect()
}

/// Plans an unedited file for one destination: [`plan_all`] with nothing but the probe known, and private metadata
/// left in. Total: there is a plan for every file that was probed.
pub fn plan(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> TranscodePlan {
    let material = Material {
        info,
        edit: &Edit::default(),
        analysis: &Analysis::default(),
        keyframes_us: None,
        history: &SpeedHistory::default(),
    };
    let planned = plan_all(&material, Wishes::sending(), &[Destination { spec, limits }]);
    planned
        .into_iter()
        .next()
        .map(|rendition| rendition.plan)
        .unwrap_or_default()
}

/// The cheapest rung from `wanted` upwards that works on this file. A copy needs tracks that an MP4 may hold,
/// and a video track that carries its own frame times; AVI, MPEG program streams and raw streams do not. It would
/// show again what an edit list hides, and part sound and picture that begin apart (MEDIA.md §5 and §7).
pub(crate) fn lift_to_possible(wanted: Rung, info: &MediaInfo) -> Rung {
    let timed = matches!(
        info.container,
        Container::Mp4 | Container::Mov | Container::Webm | Container::Matroska | Container::MpegTs
    );
    let holds_video = matches!(
        info.video.codec.as_str(),
        "h264" | "hevc" | "av1" | "vp9" | "mpeg4"
    );
    let holds_audio = info
        .audio
        .as_ref()
        .is_none_or(|audio| matches!(audio.codec.as_str(), "aac" | "mp3" | "ac3" | "eac3" | "opus"));
    match wanted {
        Rung::Remux | Rung::AudioOnly if !(timed && holds_video) || hides_pictures(info) => Rung::Encode,
        Rung::Remux if !holds_audio || sound_begins_apart(info) => Rung::AudioOnly,
        possible => possible,
    }
}

/// A codec's delay is below this; anything above is meant (MEDIA.md §5).
const CODEC_DELAY_MAX_MS: u64 = 50;

/// An edit list hides more than a codec's delay.
pub(crate) fn hides_pictures(info: &MediaInfo) -> bool {
    info.hidden_lead_in_ms > CODEC_DELAY_MAX_MS
}

/// Sound and picture begin further apart than a codec's delay explains.
pub(crate) fn sound_begins_apart(info: &MediaInfo) -> bool {
    info.audio.is_some() && info.audio_offset_ms.unsigned_abs() > CODEC_DELAY_MAX_MS
}

/// The video rate that fills `cap_bytes` over `duration_ms`, with room for the container and 128 kbit/s of
/// sound; 0 when nothing is left (MEDIA.md §5: 0.92 of the cap).
pub(crate) fn rate_for_size_bps(cap_bytes: u64, duration_ms: u64) -> u64 {
    const AUDIO_BPS: u128 = 128_000;
    let total_bps = u128::from(cap_bytes) * 8 * 1_000 * 92 / 100 / u128::from(duration_ms.max(1));
    u64::try_from(total_bps.saturating_sub(AUDIO_BPS)).unwrap_or(u64::MAX)
}
