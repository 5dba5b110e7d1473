//! Video encoders in this machine's hardware. Drivers promise more than they keep, so each has to encode a short
//! clip of the size that is wanted, which decodes again and is what was asked for, before it is used.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{Cursor, Read},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use daypart_domain::{
    media_info::FrameRate,
    problem::Problem,
    transcode_plan::{EncodeTarget, HardwareEncoder},
};
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::{quiet_ffmpeg, words},
    confine::Allowance,
    encode::arguments::hardware_encoder::{device, name, options, upload},
    pipe_run::{PipeRun, run_pipe},
    toolbox::MediaToolbox,
};

/// A trial that takes longer than this is a failed one.
const TRIAL_TIMEOUT: Duration = Duration::from_secs(10);
const FRAMES: usize = 15;
/// The decoded trial is looked at in this size.
const LOOKED_AT_BYTES: usize = 64 * 36;
const CLIP_MAX_BYTES: u64 = 8 << 20;
/// What most renditions measure.
const USUAL_SIZE_PX: (u32, u32) = (1080, 1920);
const RATE_MAX_BPS: u64 = 20_000_000;
/// `High`, as a sequence's parameters name it.
const PROFILE_HIGH: u8 = 100;
const KEPT_AS: &str = "hardware-trials.json";

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

/// Whether a trial passed, by encoder, size, ffmpeg's version and the drivers: another one of these is tried anew.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trials(Arc<Mutex<BTreeMap<String, bool>>>);

impl Trials {
    /// The encoders that work here at the usual size, the fastest first; none means software. `folder` keeps what was
    /// found for the next start, where the drivers can be told apart.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`. A failed trial is an answer, not an error.
    pub(crate) async fn passed(
        &self,
        toolbox: &MediaToolbox,
        folder: Option<&Path>,
        cancel: &CancellationToken,
    ) -> Result<Vec<HardwareEncoder>, Problem> {
        let mut passed = Vec::new();
        for encoder in of_this_system() {
            if self
                .passes_at(toolbox, folder, *encoder, USUAL_SIZE_PX, cancel)
                .await?
            {
                passed.push(*encoder);
            }
        }
        Ok(passed)
    }

    /// Whether one encoder works at this size. The first question starts ffmpeg a few times.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`.
    pub(crate) async fn passes_at(
        &self,
        toolbox: &MediaToolbox,
        folder: Option<&Path>,
        encoder: HardwareEncoder,
        size_px: (u32, u32),
        cancel: &CancellationToken,
    ) -> Result<bool, Problem> {
        let ffmpeg = toolbox.ffmpeg()?;
        let drivers = drivers();
        let key = format!(
            "{} {}x{} {} {}",
            name(encoder),
            size_px.0,
            size_px.1,
            toolbox.version(),
            drivers.as_deref().unwrap_or_default()
        );
        // Elsewhere a new driver looks like the old one: what is found is forgotten at the end.
        let folder = folder.filter(|_| drivers.is_some());
        if let Some(known) = self.known(&key, folder) {
            return Ok(known);
        }
        let passes = passes(&ffmpeg, encoder, size_px, cancel).await;
        if !cancel.is_cancelled() {
            self.keep(key, passes, folder);
        }
        Ok(passes)
    }

    fn known(&self, key: &str, folder: Option<&Path>) -> Option<bool> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty()
            && let Some(text) = folder.and_then(|folder| std::fs::read(folder.join(KEPT_AS)).ok())
        {
            // What cannot be read is tried again.
            *known = serde_json::from_slice(&text).unwrap_or_default();
        }
        known.get(key).copied()
    }

    fn keep(&self, key: String, passes: bool, folder: Option<&Path>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, passes);
        let Some(folder) = folder else {
            return;
        };
        let kept = serde_json::to_vec_pretty(&*known)
            .map_err(std::io::Error::other)
            .and_then(|text| {
                std::fs::create_dir_all(folder)?;
                std::fs::write(folder.join(KEPT_AS), text)
            });
        if let Err(error) = kept {
            tracing::debug!(%error, "a hardware trial was not kept");
        }
    }
}

/// Names the kernel and the cards' drivers; `None` where they cannot be told.
fn drivers() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let mut names: Vec<String> = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.extend(read("/proc/sys/kernel/osrelease"));
    names.extend(read("/sys/module/nvidia/version"));
    Some(names.iter().map(|name| name.trim()).collect::<Vec<_>>().join(" "))
}

async fn passes(
    ffmpeg: &Path,
    encoder: HardwareEncoder,
    size_px: (u32, u32),
    cancel: &CancellationToken,
) -> bool {
    let Some(list) = answer(ffmpeg, words(["-hide_banner", "-encoders"]), None, cancel).await else {
        return false;
    };
    if !lists(&String::from_utf8_lossy(&list), name(encoder)) {
        return false;
    }
    let Some(clip) = answer(ffmpeg, encode_arguments(encoder, size_px), None, cancel).await else {
        return false;
    };
    if profile(&clip) != Some(PROFILE_HIGH) {
        tracing::debug!(
            encoder = encoder.label(),
            "a hardware encoder makes another profile"
        );
        return false;
    }
    let feed: Box<dyn Read + Send> = Box::new(Cursor::new(clip));
    let decoded = answer(ffmpeg, decode_arguments(), Some(feed), cancel).await;
    decoded.is_some_and(|pictures| shows_the_clip(&pictures))
}

/// Whether ffmpeg's list of encoders names this one: flags, the name, words.
fn lists(encoders: &str, name: &str) -> bool {
    encoders
        .lines()
        .filter_map(|line| line.trim_start().split_once(' '))
        .any(|(flags, rest)| flags.starts_with('V') && rest.split_whitespace().next() == Some(name))
}

/// The first sequence's profile in a bare stream of H.264.
fn profile(clip: &[u8]) -> Option<u8> {
    clip.windows(5)
        .find(|bytes| bytes[..3] == [0, 0, 1] && bytes[3] & 0x1f == 7)
        .map(|bytes| bytes[4])
}

/// What the tool wrote, when it ended well.
async fn answer(
    ffmpeg: &Path,
    arguments: Vec<OsString>,
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

/// A moving test picture, made here, as bare H.264 on stdout, by what an encode of this size is told.
fn encode_arguments(encoder: HardwareEncoder, (width_px, height_px): (u32, u32)) -> Vec<OsString> {
    let target = EncodeTarget::whole(width_px, height_px, None, RATE_MAX_BPS);
    let rate = FrameRate {
        numerator: 30,
        denominator: 1,
    };
    let mut arguments = quiet_ffmpeg();
    arguments.extend(device(encoder));
    arguments.extend(words(["-f", "lavfi", "-i"]));
    arguments.push(format!("testsrc2=s={width_px}x{height_px}:r=30").into());
    arguments.extend([OsString::from("-frames:v"), FRAMES.to_string().into()]);
    let filter = upload(encoder).map_or_else(
        || "format=yuv420p".to_owned(),
        |upload| format!("format=yuv420p,{upload}"),
    );
    arguments.extend([OsString::from("-vf"), filter.into()]);
    arguments.extend(options(encoder, &target, rate));
    arguments.extend(words(["-f", "h264", "pipe:1"]));
    arguments
}

fn decode_arguments() -> Vec<OsString> {
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

    #[test]
    fn the_list_of_encoders_is_read_by_name() {
        let list = "Encoders:\n V..... = Video\n A..... = Audio\n ------\n V....D libx264              libx264 H.264 (codec h264)\n \
                    V....D h264_nvenc           NVIDIA NVENC H.264 encoder (codec h264)\n A....D aac                  AAC\n";
        assert!(lists(list, "h264_nvenc") && lists(list, "libx264"));
        assert!(!lists(list, "h264_vaapi"), "is not built in");
        assert!(
            !lists(list, "H.264") && !lists(list, "aac"),
            "is no video encoder"
        );
    }

    #[test]
    fn the_profile_stands_behind_the_first_start_code_of_a_sequence() {
        let high = [0, 0, 0, 1, 9, 16, 0, 0, 0, 1, 0x67, 100, 0, 40];
        assert_eq!(profile(&high), Some(PROFILE_HIGH));
        let baseline = [0, 0, 1, 0x27, 66, 0xc0, 30];
        assert_eq!(profile(&baseline), Some(66));
        assert_eq!(profile(&[0, 0, 1, 0x65, 100]), None, "a picture, no sequence");
    }

    /// As typed, for a portrait clip.
    fn trial(encoder: HardwareEncoder) -> String {
        let words = encode_arguments(encoder, (1080, 1920));
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        let line = words.join(" ");
        line[line.find("-f lavfi").unwrap()..].to_owned()
    }

    #[test]
    fn a_trial_says_what_an_encode_would() {
        let source = "-f lavfi -i testsrc2=s=1080x1920:r=30 -frames:v 15 -vf format=yuv420p";
        let rates = "-b:v 12441600 -maxrate 20000000 -bufsize 40000000 -profile:v high -f h264 pipe:1";
        let families = [
            (
                HardwareEncoder::Nvenc,
                " -c:v h264_nvenc -preset p5 -tune hq -rc vbr -bf 2",
            ),
            (HardwareEncoder::QuickSync, " -c:v h264_qsv -preset slow -bf 2"),
            (
                HardwareEncoder::Vaapi,
                ",format=nv12,hwupload -c:v h264_vaapi -rc_mode VBR -bf 0",
            ),
            (
                HardwareEncoder::Amf,
                " -c:v h264_amf -quality quality -rc vbr_peak",
            ),
            (
                HardwareEncoder::VideoToolbox,
                " -c:v h264_videotoolbox -allow_sw 0 -bf 2",
            ),
        ];
        for (encoder, said) in families {
            assert_eq!(trial(encoder), format!("{source}{said} {rates}"));
        }
    }
}
