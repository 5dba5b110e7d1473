//! The footage that is measured on: real camera and screen recordings, brought to 1080p30 with grain and looped to ten
//! minutes (no package has long footage). Made once and kept in the bench folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::timed::{ffmpeg, text};
use crate::workspace;

/// Debian package forensics-samples-files (CC-BY-SA 4.0): a phone clip and a screen recording with speech.
const PHONE_CLIP: &str = "/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4";
const TALK: &str = "/usr/share/forensics-samples/original-files/movie2/movie-hello.mp4";
const SECONDS: u32 = 600;
/// Names another length: to try a measurement out.
pub const LENGTH: &str = "DAYPART_REEL_SECONDS";

/// How long the reel is.
pub fn seconds() -> u32 {
    let asked = std::env::var(LENGTH).ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(SECONDS)
}

/// How often the reel has a keyframe besides those at cuts.
#[derive(Clone, Copy)]
pub enum Keyframes {
    /// Each second, as phones and screen recorders write them.
    EverySecond,
    /// At most each 250 frames, as encoders do when they are asked for nothing.
    Seldom,
}

impl Keyframes {
    const fn frames(self) -> &'static str {
        match self {
            Self::EverySecond => "30",
            Self::Seldom => "250",
        }
    }
}

/// # Errors
/// When the footage is not installed, ffmpeg fails, or the disk is full.
pub fn reel(keyframes: Keyframes) -> Result<PathBuf> {
    let folder = workspace::target().join("bench");
    let reel = folder.join(format!(
        "reel-1080p30-gop{}-{}s.mp4",
        keyframes.frames(),
        seconds()
    ));
    if reel.exists() {
        return Ok(reel);
    }
    fs::create_dir_all(&folder)?;
    eprintln!("  making {} once", reel.display());
    let (once, making) = (folder.join("reel-once.mp4"), folder.join("reel-making.mp4"));
    let (phone_clip, talk) = (footage(PHONE_CLIP)?, footage(TALK)?);
    let picture = "scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:(ow-iw)/2:(oh-ih)/2,setsar=1,\
                   fps=30,noise=alls=5:allf=t,format=yuv420p";
    let sound = "aresample=48000,aformat=channel_layouts=stereo";
    let graph = format!(
        "[0:V:0]{picture}[v0];[1:V:0]{picture}[v1];[0:a:0]{sound}[a0];[1:a:0]{sound}[a1];\
         [v0][a0][v1][a1]concat=n=2:v=1:a=1[v][a]"
    );
    let inputs = ["-i", &talk, "-i", &phone_clip, "-filter_complex", &graph];
    let tracks = [
        "-map",
        "[v]",
        "-map",
        "[a]",
        "-c:v",
        "libx264",
        "-preset",
        "superfast",
    ];
    let rate = [
        "-crf",
        "20",
        "-maxrate",
        "8M",
        "-bufsize",
        "16M",
        "-g",
        keyframes.frames(),
    ];
    let rest = ["-c:a", "aac", "-b:a", "128k", &text(&once)];
    ffmpeg(inputs.into_iter().chain(tracks).chain(rate).chain(rest)).output()?;
    let seconds = seconds().to_string();
    let loop_it = [
        "-stream_loop",
        "-1",
        "-i",
        &text(&once),
        "-t",
        &seconds,
        "-c",
        "copy",
    ];
    ffmpeg(
        loop_it
            .into_iter()
            .chain(["-movflags", "+faststart", &text(&making)]),
    )
    .output()?;
    fs::remove_file(&once)?;
    fs::rename(&making, &reel)?;
    Ok(reel)
}

/// So many phone clips, each under a name of its own, in `folder`.
///
/// # Errors
/// When the footage is not installed or cannot be copied.
pub fn phone_clips(folder: &Path, count: usize) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let clip = footage(PHONE_CLIP)?;
    (0..count)
        .map(|number| {
            let path = folder.join(format!("VID_{number:03}.mp4"));
            fs::copy(&clip, &path).with_context(|| format!("cannot copy {clip}"))?;
            Ok(path)
        })
        .collect()
}

fn footage(path: &str) -> Result<String> {
    if !Path::new(path).exists() {
        bail!("{path} is missing: install the package forensics-samples-files");
    }
    Ok(path.to_owned())
}
