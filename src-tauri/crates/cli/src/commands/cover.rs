//! `daypart cover FILE --at TIMECODE -o OUT.jpg`

use std::path::PathBuf;

use clap::{Args, value_parser};
use daypart_app::Output;
use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use serde::Serialize;

use crate::{exit::ExitCode, interruption::unless_interrupted, output, timecode};

/// The very frame that is shown at that time, upright and with square pixels.
#[derive(Args)]
pub struct Cover {
    /// The video; it is only read.
    file: PathBuf,
    /// SECONDS, MINUTES:SECONDS or H:MM:SS, e.g. 1:15.5
    #[arg(long, value_name = "TIMECODE", value_parser = timecode::parse)]
    at: u64,
    /// The JPEG to make.
    #[arg(long, short, value_name = "OUT.jpg")]
    output: PathBuf,
    /// Make it smaller; without it the picture has the clip's own size.
    #[arg(long, value_name = "PX", value_parser = value_parser!(u32).range(16..))]
    height: Option<u32>,
    /// Replace OUT.jpg when it is there already.
    #[arg(long)]
    force: bool,
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Picture {
    path: String,
    /// When the frame begins to be shown.
    at_us: u64,
    width_px: u32,
    height_px: u32,
}

impl Cover {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let info = daypart_app::probe(&self.file).await?;
        if self.at >= info.duration_ms.saturating_mul(1_000) {
            return Err(Problem::needs_user(
                ErrorCode::new("cover.beyond_end"),
                UserAction::Retry,
                format!(
                    "“{}” ends at {}.",
                    self.file.display(),
                    timecode::exact(info.duration_ms * 1_000)
                ),
            )
            .fix("Choose a time before its end."));
        }
        let place = Output::prepare(&self.output, &self.file, self.force)?;
        let still = unless_interrupted(async |cancel| {
            daypart_app::still(&self.file, &info, self.at, self.height, cancel).await
        })
        .await?;
        place.write(still.jpeg).await?;
        let picture = Picture {
            path: self.output.display().to_string(),
            at_us: still.at_us,
            width_px: still.width_px,
            height_px: still.height_px,
        };
        if self.json {
            output::print_json(&picture)?;
        } else {
            output::print_line(&format!(
                "{}: {} × {}, the frame at {}",
                picture.path,
                picture.width_px,
                picture.height_px,
                timecode::exact(picture.at_us)
            ));
        }
        Ok(ExitCode::Done)
    }
}
