//! Playback and caption files on the wire.

use daypart_domain::{captions::CaptionFile, ids::AssetId};
use daypart_engine::Playback;
use daypart_ipc as ipc;

/// Where the preview server has an asset.
#[derive(Clone, Copy)]
pub struct PlaybackAddresses<'a> {
    pub clip: &'a (dyn Fn(AssetId) -> String + Send + Sync),
    pub copy: &'a (dyn Fn(AssetId) -> String + Send + Sync),
}

pub fn playback(id: AssetId, playback: Playback, addresses: PlaybackAddresses<'_>) -> ipc::Playback {
    match playback {
        Playback::Itself => ipc::Playback::Itself {
            url: (addresses.clip)(id),
        },
        Playback::Copy => ipc::Playback::Copy {
            url: (addresses.copy)(id),
        },
        Playback::Making { why, progress } => ipc::Playback::Making {
            why,
            done_ms: progress.map_or(0, |progress| progress.done_ms),
            total_ms: progress.map_or(0, |progress| progress.total_ms),
            speed: progress.and_then(|progress| progress.speed),
            remaining_ms: progress.and_then(|progress| progress.remaining_ms),
        },
        Playback::Stopped { why } => ipc::Playback::Stopped { why },
        Playback::Failed { why, problem } => ipc::Playback::Failed {
            why,
            error: problem.into(),
        },
    }
}

pub fn captions_file(file: CaptionFile) -> ipc::CaptionsFile {
    ipc::CaptionsFile {
        format: file.format.label().to_owned(),
        cues: file
            .cues
            .into_iter()
            .map(|cue| ipc::CaptionCue {
                start_us: cue.start_us,
                end_us: cue.end_us,
                text: cue.text,
            })
            .collect(),
    }
}
