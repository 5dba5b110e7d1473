//! `daypart probe FILE`: measures without touching the library.

use clap::Args;
use daypart_domain::problem::Problem;
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
            output::print_line(&format!("size        {}", output::megabytes(info.size_bytes)));
        }
        Ok(ExitCode::Done)
    }
}
