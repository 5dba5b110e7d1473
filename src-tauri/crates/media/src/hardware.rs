//! Video encoders in this machine's hardware. Drivers promise more than they keep, so each has to encode a short
//! clip that decodes again before it is offered.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use daypart_domain::problem::Problem;
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::{quiet_ffmpeg, words},
    confine::Allowance,
    pipe_run::{PipeRun, run_pipe},
    toolbox::MediaToolbox,
};

/// A trial that takes longer than this is a failed one.
const TRIAL_TIMEOUT: Duration = Duration::from_secs(10);
const FRAMES: usize = 15;
/// The decoded trial is looked at in this size.
const LOOKED_AT_BYTES: usize = 64 * 36;
const CLIP_MAX_BYTES: u64 = 8 << 20;

/// An encoder for H.264 that passed its trial. Software always works and is not named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HardwareEncoder {
    Nvenc,
    QuickSync,
    Vaapi,
    Amf,
    VideoToolbox,
}

impl HardwareEncoder {
    /// As ffmpeg calls it.
    pub const fn name(self) -> &'static str {
        match self {
            HardwareEncoder::Nvenc => "h264_nvenc",
            HardwareEncoder::QuickSync => "h264_qsv",
            HardwareEncoder::Vaapi => "h264_vaapi",
            HardwareEncoder::Amf => "h264_amf",
            HardwareEncoder::VideoToolbox => "h264_videotoolbox",
        }
    }

    /// The fastest first.
    const fn of_this_system() -> &'static [HardwareEncoder] {
        if cfg!(target_os = "macos") {
            &[HardwareEncoder::VideoToolbox]
        } else if cfg!(windows) {
            &[
                HardwareEncoder::Nvenc,
                HardwareEncoder::QuickSync,
                HardwareEncoder::Amf,
            ]
        } else {
            &[
                HardwareEncoder::Nvenc,
                HardwareEncoder::QuickSync,
                HardwareEncoder::Vaapi,
            ]
        }
    }
}

/// What was found, by ffmpeg's version: another ffmpeg is tried anew.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trials(Arc<Mutex<HashMap<String, Vec<HardwareEncoder>>>>);

impl Trials {
    /// The encoders that work here, the fastest first; none means software. The first call for a version of
    /// ffmpeg starts it a few times.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`. A failed trial is an answer, not an error.
    pub(crate) async fn passed(
        &self,
        toolbox: &MediaToolbox,
        cancel: &CancellationToken,
    ) -> Result<Vec<HardwareEncoder>, Problem> {
        let ffmpeg = toolbox.ffmpeg()?;
        let version = toolbox.version();
        if let Some(known) = self.lock().get(&version) {
            return Ok(known.clone());
        }
        let mut passed = Vec::new();
        for encoder in HardwareEncoder::of_this_system() {
            if passes(&ffmpeg, *encoder, cancel).await {
                passed.push(*encoder);
            }
        }
        if !cancel.is_cancelled() {
            self.lock().insert(version, passed.clone());
        }
        Ok(passed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<HardwareEncoder>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn passes(ffmpeg: &Path, encoder: HardwareEncoder, cancel: &CancellationToken) -> bool {
    let Some(clip) = answer(ffmpeg, encode_arguments(encoder), None, cancel).await else {
        return false;
    };
    let feed: Box<dyn Read + Send> = Box::new(Cursor::new(clip));
    let decoded = answer(ffmpeg, decode_arguments(), Some(feed), cancel).await;
    decoded.is_some_and(|pictures| shows_the_clip(&pictures))
}

/// What the tool wrote, when it ended well.
async fn answer(
    ffmpeg: &Path,
    arguments: Vec<std::ffi::OsString>,
    feed: Option<Box<dyn Read + Send>>,
    cancel: &CancellationToken,
) -> Option<Vec<u8>> {
    let run = PipeRun {
        program: ffmpeg,
        arguments,
        reads: Vec::new(),
        feed,
        // Drivers map far more memory than they use.
        allowance: Allowance::Convert,
        stall_timeout: TRIAL_TIMEOUT,
    };
    let read = |stdout: &mut dyn Read| {
        let mut bytes = Vec::new();
        stdout.take(CLIP_MAX_BYTES).read_to_end(&mut bytes).map(|_| bytes)
    };
    match tokio::time::timeout(TRIAL_TIMEOUT, run_pipe(run, read, cancel)).await {
        Ok(Ok(end)) if end.success => end.read.ok(),
        Ok(Ok(end)) => {
            tracing::debug!(said = end.stderr, "a hardware encoder failed its trial");
            None
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "a hardware encoder could not be tried");
            None
        }
        Err(_) => None,
    }
}

/// A moving test picture, made here, as bare H.264 on stdout.
fn encode_arguments(encoder: HardwareEncoder) -> Vec<std::ffi::OsString> {
    let mut arguments = quiet_ffmpeg();
    if encoder == HardwareEncoder::Vaapi {
        arguments.extend(words(["-vaapi_device", "/dev/dri/renderD128"]));
    }
    arguments.extend(words(["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30"]));
    arguments.extend([std::ffi::OsString::from("-frames:v"), FRAMES.to_string().into()]);
    let upload = if encoder == HardwareEncoder::Vaapi {
        "format=nv12,hwupload"
    } else {
        "format=nv12"
    };
    arguments.extend(words(["-vf", upload, "-c:v", encoder.name(), "-b:v", "2M"]));
    arguments.extend(words(["-f", "h264", "pipe:1"]));
    arguments
}

fn decode_arguments() -> Vec<std::ffi::OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words([
        "-protocol_whitelist",
        "pipe",
        "-f",
        "h264",
        "-i",
        "pipe:0",
        "-vf",
        "scale=64:36,format=gray",
        "-fps_mode",
        "passthrough",
        "-f",
        "rawvideo",
        "pipe:1",
    ]));
    arguments
}

/// Every frame is there, and none is plain.
fn shows_the_clip(pictures: &[u8]) -> bool {
    pictures.len() == FRAMES * LOOKED_AT_BYTES
        && pictures.chunks(LOOKED_AT_BYTES).all(|picture| {
            let darkest = picture.iter().min().copied().unwrap_or(0);
            let brightest = picture.iter().max().copied().unwrap_or(0);
            brightest - darkest > 100
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_plain_pictures_do_not_pass() {
        let mut good = vec![0; FRAMES * LOOKED_AT_BYTES];
        for picture in good.chunks_mut(LOOKED_AT_BYTES) {
            picture[7] = 200;
        }
        assert!(shows_the_clip(&good));
        assert!(!shows_the_clip(&good[LOOKED_AT_BYTES..]));
        assert!(!shows_the_clip(&vec![0; FRAMES * LOOKED_AT_BYTES]));
        assert!(!shows_the_clip(&[]));
    }
}
