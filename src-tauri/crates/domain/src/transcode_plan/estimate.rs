//! How large and how long, before it is made.

use serde::{Deserialize, Serialize};

use super::{Cut, EncodeTarget, Quality, Rung, TranscodePlan};
use crate::media_info::{FrameRate, MediaInfo};

/// Runs that are remembered for each rung; older ones tell about another load or another machine.
const REMEMBERED_RUNS: usize = 15;
/// What an ordinary clip takes at the encoder's usual quality, in bits for each pixel of each frame.
const BITS_PER_PIXEL: f64 = 0.15;

/// One finished run. `work` is what [`work_of`] says of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRun {
    pub rung: Rung,
    pub work: u64,
    pub took_ms: u64,
}

/// How quick this machine has been, newest last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SpeedHistory {
    pub runs: Vec<PastRun>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedTime {
    pub time_ms: u64,
    /// From this machine's own runs; otherwise from two cores without hardware encoder.
    pub learned: bool,
}

impl SpeedHistory {
    /// Adds a run and forgets the oldest of its rung beyond what is remembered. Runs without work or time teach
    /// nothing and are left out.
    pub fn record(&mut self, run: PastRun) {
        if run.work == 0 || run.took_ms == 0 {
            return;
        }
        self.runs.push(run);
        let of_this_rung = self.runs.iter().filter(|past| past.rung == run.rung).count();
        if of_this_rung > REMEMBERED_RUNS
            && let Some(oldest) = self.runs.iter().position(|past| past.rung == run.rung)
        {
            self.runs.remove(oldest);
        }
    }

    /// By the median of the remembered speeds, so that one run beside a busy browser does not count.
    pub fn expected(&self, rung: Rung, work: u64) -> ExpectedTime {
        let mut speeds: Vec<f64> = self
            .runs
            .iter()
            .filter(|run| run.rung == rung)
            .map(|run| run.work as f64 / run.took_ms.max(1) as f64)
            .collect();
        speeds.sort_by(f64::total_cmp);
        let learned = speeds.get(speeds.len() / 2).copied();
        let speed = learned.unwrap_or_else(|| speed_of_two_cores(rung));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive; the cast saturates"
        )]
        let time_ms = (work as f64 / speed.max(f64::MIN_POSITIVE)).ceil() as u64;
        ExpectedTime {
            time_ms,
            learned: learned.is_some(),
        }
    }
}

/// Work for each millisecond, as measured for MEDIA.md §5 on two cores.
fn speed_of_two_cores(rung: Rung) -> f64 {
    match rung {
        // Bytes: a copy runs at disk speed.
        Rung::AsIs | Rung::Remux => 500_000.0,
        // Milliseconds of sound: ten minutes in eight seconds.
        Rung::AudioOnly => 75.0,
        // Pixels: 1080p30 at 1.8 times real time.
        Rung::Encode => 112_000.0,
    }
}

/// How much there is to do, in the unit of the plan's rung: bytes for a remux, milliseconds of sound for sound
/// alone, pixels for video, more of them where a better use of bits is looked for. Nothing for a file sent as it is,
/// and nothing that could teach anything where most of the picture is copied or hardware encodes.
pub fn work_of(plan: &TranscodePlan, edited: &MediaInfo) -> u64 {
    match (plan.rung, &plan.target) {
        (Rung::AsIs, _) => 0,
        (Rung::Encode, Some(target)) if plan.cut == Some(Cut::Smart) || target.hardware.is_some() => 0,
        (Rung::AudioOnly, _) => edited.duration_ms,
        (Rung::Encode, Some(target)) => pixels_to_encode(plan, target, edited, edited.duration_ms),
        (Rung::Remux | Rung::Encode, _) => edited.size_bytes,
    }
}

/// What encoding `duration_ms` of the picture in software takes, in the unit of [`work_of`].
pub(super) fn pixels_to_encode(
    plan: &TranscodePlan,
    target: &EncodeTarget,
    edited: &MediaInfo,
    duration_ms: u64,
) -> u64 {
    // As measured for MEDIA.md §5: times real time of each quality's preset, against the usual one's.
    let effort = match target.quality {
        Quality::Smaller => 1.8 / 0.53,
        Quality::Standard => 1.0,
        Quality::Best => 1.8 / 0.75,
    };
    let pixels = f64::from(target.width_px) * f64::from(target.height_px);
    whole(effort * pixels * frames_per_second(plan, edited) * duration_ms as f64 / 1e3)
}

/// Bytes of the result. Exact for a file sent as it is, near for copies, a guess for new video.
pub(super) fn expected_size_bytes(plan: &TranscodePlan, edited: &MediaInfo) -> u64 {
    let track_bytes = |rate_bps: u64| rate_bps.saturating_mul(edited.duration_ms) / 8_000;
    let new_sound_bytes = if edited.audio.is_some() {
        track_bytes(u64::from(plan.sound.bit_rate_bps))
    } else {
        0
    };
    match (plan.rung, &plan.target) {
        (Rung::AudioOnly, _) => {
            let old_sound = edited.audio.as_ref().and_then(|audio| audio.bit_rate_bps);
            let old_sound_bytes = old_sound.map_or(new_sound_bytes, track_bytes);
            edited.size_bytes.saturating_sub(old_sound_bytes) + new_sound_bytes
        }
        (Rung::Encode, Some(_)) if plan.cut == Some(Cut::Smart) => edited.size_bytes,
        (Rung::Encode, Some(target)) => {
            let pixels = f64::from(target.width_px) * f64::from(target.height_px);
            let of_usual = match target.quality {
                Quality::Smaller => 0.5,
                Quality::Standard => 1.0,
                Quality::Best => 1.6,
            };
            let usual_bps = whole(of_usual * pixels * frames_per_second(plan, edited) * BITS_PER_PIXEL);
            track_bytes(usual_bps.min(target.max_rate_bps)) + new_sound_bytes
        }
        _ => edited.size_bytes,
    }
}

fn frames_per_second(plan: &TranscodePlan, edited: &MediaInfo) -> f64 {
    plan.target
        .as_ref()
        .and_then(|target| target.frame_rate_fps)
        .map(f64::from)
        .or(edited.video.average_frame_rate.map(FrameRate::frames_per_second))
        .unwrap_or(30.0)
}

fn whole(amount: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never negative; the cast saturates"
    )]
    {
        amount as u64
    }
}
