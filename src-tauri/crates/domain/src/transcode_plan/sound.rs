//! What the edit asks of the sound.

use super::SoundTarget;
use crate::{analysis::Analysis, edit::Edit, media_info::MediaInfo};

const LOUDNESS_TARGET_LUFS: f64 = -14.0;
const TRUE_PEAK_MAX_DBTP: f64 = -1.0;
/// Lifting more brings up noise, not speech (MEDIA.md §5).
const GAIN_MAX_DB: f64 = 12.0;
/// Nobody hears less.
const GAIN_WORTH_DB: f64 = 1.0;

/// `bit_rate_bps` is for a track that is encoded; `needs_track`: a destination wants one, be it silent.
pub(super) fn sound_target(
    info: &MediaInfo,
    edit: &Edit,
    analysis: &Analysis,
    bit_rate_bps: u32,
    needs_track: bool,
) -> SoundTarget {
    let sound = &edit.sound;
    let Some(audio) = info.audio.as_ref().filter(|_| !sound.muted) else {
        return SoundTarget {
            removed: info.audio.is_some(),
            silence_if_none: needs_track,
            ..SoundTarget::default()
        };
    };
    let normalise = sound.normalise && analysis.silent != Some(true);
    // What was measured is the main track of the whole source.
    let is_main = sound.track.is_none_or(|track| track == audio.stream_index);
    let normalise = if is_main { normalise } else { sound.normalise };
    let loudness_lufs = analysis.loudness_lufs.filter(|_| is_main);
    let gain_db = match loudness_lufs {
        _ if !normalise => sound.volume_db,
        Some(lufs) => worth(LOUDNESS_TARGET_LUFS - lufs),
        None => 0.0,
    };
    let peak_is_safe = analysis
        .true_peak_dbtp
        .filter(|_| is_main)
        .is_some_and(|peak_dbtp| peak_dbtp + gain_db <= TRUE_PEAK_MAX_DBTP);
    SoundTarget {
        removed: false,
        track: sound.track.filter(|track| *track != audio.stream_index),
        gain_db,
        limit_peaks: (normalise || gain_db > 0.0) && !peak_is_safe,
        measure_first: normalise && loudness_lufs.is_none(),
        fade_in_ms: sound.fade_in_ms,
        fade_out_ms: sound.fade_out_ms,
        bit_rate_bps,
        silence_if_none: false,
    }
}

fn worth(gain_db: f64) -> f64 {
    if gain_db.abs() < GAIN_WORTH_DB {
        0.0
    } else {
        gain_db.min(GAIN_MAX_DB)
    }
}
