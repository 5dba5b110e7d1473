//! `daypart probe FILE`: measures without touching the library.

use clap::Args;
use daypart_domain::{
    media_info::{AudioTrack, MediaInfo},
    picture_info::PictureInfo,
    problem::Problem,
};
use daypart_ipc as ipc;
use daypart_ports::media::Measured;

use crate::{exit::ExitCode, output};

#[derive(Args)]
pub struct Probe {
    file: std::path::PathBuf,
    #[arg(long)]
    json: bool,
}

impl Probe {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        match daypart_app::measure(&self.file).await? {
            Measured::Video(info) if self.json => output::print_json(&ipc::MediaInfo::from(*info))?,
            Measured::Picture(info) if self.json => output::print_json(&ipc::PictureInfo::from(*info))?,
            Measured::Video(info) => print_video(&info),
            Measured::Picture(info) => print_picture(&info),
        }
        Ok(ExitCode::Done)
    }
}

fn print_video(info: &MediaInfo) {
    let video = &info.video;
    output::print_line(&format!("container   {}", info.container.label()));
    output::print_line(&format!("duration    {:.3} s", info.duration_ms as f64 / 1000.0));
    output::print_line(&format!(
        "picture     {} × {} ({})",
        video.width_px, video.height_px, video.codec
    ));
    if let Some(rate) = video.average_frame_rate {
        let varies = if video.variable_frame_rate {
            ", variable"
        } else {
            ""
        };
        output::print_line(&format!(
            "frame rate  {:.2} fps{varies}",
            rate.frames_per_second()
        ));
    }
    match &info.audio {
        Some(audio) => output::print_line(&format!(
            "sound       {} {} Hz, {} channels",
            audio.codec, audio.sample_rate_hz, audio.channels
        )),
        None => output::print_line("sound       none"),
    }
    if info.known_audio_tracks().len() > 1 {
        for track in info.known_audio_tracks() {
            let is_main = info.audio.as_ref().map(|main| main.stream_index) == Some(track.stream_index);
            output::print_line(&track_line(track, is_main));
        }
    }
    output::print_line(&format!("size        {}", output::megabytes(info.size_bytes)));
}

fn print_picture(info: &PictureInfo) {
    output::print_line(&format!("format      {} picture", info.format.label()));
    output::print_line(&format!("picture     {} × {}", info.width_px, info.height_px));
    if info.orientation != 1 {
        output::print_line(&format!("turned      as EXIF asks ({})", info.orientation));
    }
    let profile = info.colour_profile.as_deref().unwrap_or("none (sRGB)");
    output::print_line(&format!("colours     {profile}"));
    if let Some(animation) = info.animation {
        output::print_line(&format!(
            "moves       {} frames in {:.3} s",
            animation.frame_count,
            animation.duration_ms as f64 / 1000.0
        ));
    }
    if info.has_private_metadata {
        output::print_line("private     tells the place or the device");
    }
    output::print_line(&format!("size        {}", output::megabytes(info.size_bytes)));
}

/// The number is what an edit's `sound.track` names.
fn track_line(track: &AudioTrack, is_main: bool) -> String {
    let mut said = vec![
        track.language.clone().unwrap_or_else(|| "no language".to_owned()),
        format!("{}, {} channels", track.codec, track.channels),
    ];
    said.extend(
        track
            .title
            .as_ref()
            .map(|title| format!("\u{201c}{title}\u{201d}")),
    );
    let main = if is_main { ", main" } else { "" };
    format!("track {:<6}{}{main}", track.stream_index, said.join(", "))
}
