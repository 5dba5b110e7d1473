//! `daypart probe FILE`: measures without touching the library.

use clap::Args;
use daypart_domain::{media_info::AudioTrack, problem::Problem};
use daypart_ipc::MediaInfo;

use crate::{exit::ExitCode, output};

#[derive(Args)]
pub struct Probe {
    file: std::path::PathBuf,
    #[arg(long)]
    json: bool,
}

impl Probe {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let info = daypart_app::probe(&self.file).await?;
        if self.json {
            output::print_json(&MediaInfo::from(info))?;
        } else {
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
                    let is_main =
                        info.audio.as_ref().map(|main| main.stream_index) == Some(track.stream_index);
                    output::print_line(&track_line(track, is_main));
                }
            }
            output::print_line(&format!("size        {}", output::megabytes(info.size_bytes)));
        }
        Ok(ExitCode::Done)
    }
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
