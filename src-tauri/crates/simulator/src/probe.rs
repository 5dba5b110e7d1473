//! A look at a completed file with ffprobe, as the platforms' own checks would see it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg";

/// What a file is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Looked {
    /// No ffprobe on this machine, or looking is switched off.
    Unknown,
    NoVideo,
    Video(VideoFacts),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct VideoFacts {
    /// `mp4`, `mov`, `webm`, or ffprobe's own name for anything else.
    pub(crate) container: String,
    pub(crate) codec: String,
    pub(crate) width: u64,
    pub(crate) height: u64,
    pub(crate) fps: f64,
    pub(crate) duration_s: f64,
}

impl VideoFacts {
    /// YouTube's rule since 2024-10-15: square or vertical, at most three minutes.
    pub(crate) fn is_short(&self) -> bool {
        self.height >= self.width && self.duration_s <= 180.0
    }
}

pub(crate) async fn look_at(path: &Path) -> Looked {
    let mut command = Command::new("ffprobe");
    command
        .args(["-v", "error", "-of", "json", "-show_format", "-show_streams"])
        .args(["-protocol_whitelist", "file", "-format_whitelist", FORMATS])
        .arg("-i")
        .arg(format!("file:{}", path.display()))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    match tokio::time::timeout(Duration::from_secs(20), command.output()).await {
        Ok(Ok(output)) if output.status.success() => {
            let mut head = Vec::new();
            if let Ok(file) = tokio::fs::File::open(path).await {
                let _ = file.take(64).read_to_end(&mut head).await;
            }
            serde_json::from_slice(&output.stdout)
                .ok()
                .and_then(|v| facts(&v, &head))
                .map_or(Looked::NoVideo, Looked::Video)
        }
        Ok(Err(e)) if e.kind() == std::io::ErrorKind::NotFound => Looked::Unknown,
        _ => Looked::NoVideo,
    }
}

fn facts(output: &Value, head: &[u8]) -> Option<VideoFacts> {
    let stream = output["streams"]
        .as_array()?
        .iter()
        .find(|s| s["codec_type"] == "video" && s["disposition"]["attached_pic"] != 1)?;
    let number = |v: &Value| v.as_str().and_then(|s| s.parse::<f64>().ok());
    let duration_s = number(&stream["duration"]).or_else(|| number(&output["format"]["duration"]))?;
    let (mut width, mut height) = (stream["width"].as_u64()?, stream["height"].as_u64()?);
    let turned = stream["side_data_list"].as_array().is_some_and(|list| {
        list.iter()
            .any(|d| d["rotation"].as_i64().is_some_and(|r| r % 180 != 0))
    });
    if turned {
        (width, height) = (height, width);
    }
    let names = output["format"]["format_name"].as_str()?;
    let holds = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
    let container = if names.starts_with("matroska") {
        if holds(b"webm") { "webm" } else { "matroska" }
    } else if names.starts_with("mov") {
        if holds(b"ftypqt") { "mov" } else { "mp4" }
    } else {
        names
    };
    Some(VideoFacts {
        container: container.to_owned(),
        codec: stream["codec_name"].as_str()?.to_owned(),
        width,
        height,
        fps: rate(stream["avg_frame_rate"].as_str()?)?,
        duration_s,
    })
}

fn rate(text: &str) -> Option<f64> {
    let (over, under) = text.split_once('/')?;
    let (over, under): (f64, f64) = (over.parse().ok()?, under.parse().ok()?);
    (under > 0.0).then_some(over / under)
}
