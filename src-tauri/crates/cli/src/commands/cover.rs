//! `daypart cover FILE --at TIMECODE -o OUT.jpg` · `daypart cover FILE --suggest [-o OUT.jpg]`

use std::path::{Path, PathBuf};

use clap::{Args, value_parser};
use daypart_app::Output;
use daypart_domain::{
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction},
};
use daypart_ports::timeline::CoverSuggestion;
use serde::Serialize;

use crate::{exit::ExitCode, interruption::unless_interrupted, output, timecode};

/// The very frame that is shown at that time, upright and with square pixels; or frames that would make good covers.
#[derive(Args)]
pub struct Cover {
    /// The video; it is only read.
    file: PathBuf,
    /// SECONDS, MINUTES:SECONDS or H:MM:SS, e.g. 1:15.5
    #[arg(
        long,
        value_name = "TIMECODE",
        value_parser = timecode::parse,
        required_unless_present = "suggest",
        conflicts_with = "suggest"
    )]
    at: Option<u64>,
    /// List at most six good frames, best first; with -o, make a picture of the best one.
    #[arg(long)]
    suggest: bool,
    /// The JPEG to make.
    #[arg(long, short, value_name = "OUT.jpg", required_unless_present = "suggest")]
    output: Option<PathBuf>,
    /// Make it smaller; without it the picture has the clip's own size.
    #[arg(long, value_name = "PX", value_parser = value_parser!(u32).range(16..), requires = "output")]
    height: Option<u32>,
    /// Replace OUT.jpg when it is there already.
    #[arg(long, requires = "output")]
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
    /// Why this frame, where it was chosen by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Suggestion {
    at_us: u64,
    reason: String,
}

impl Cover {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let info = daypart_app::probe(&self.file).await?;
        if let Some(at_us) = self.at
            && at_us >= info.duration_ms.saturating_mul(1_000)
        {
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
        let place = self
            .output
            .as_deref()
            .map(|out| Output::prepare(out, &self.file, self.force))
            .transpose()?;
        let found = match self.at {
            Some(_) => Vec::new(),
            None => {
                unless_interrupted(async |cancel| {
                    daypart_app::suggest_covers(&self.file, &info, cancel).await
                })
                .await?
            }
        };
        match (place, &self.output) {
            (Some(place), Some(out)) => {
                let best = found.first();
                let at_us = self
                    .at
                    .or(best.map(|best| best.picture.at_us))
                    .ok_or_else(|| self.nothing_stands_out())?;
                self.write(place, out, &info, at_us, best.map(CoverSuggestion::reason))
                    .await
            }
            _ => self.list(&found),
        }
    }

    async fn write(
        &self,
        place: Output,
        out: &Path,
        info: &MediaInfo,
        at_us: u64,
        reason: Option<String>,
    ) -> Result<ExitCode, Problem> {
        let still = unless_interrupted(async |cancel| {
            daypart_app::still(&self.file, info, at_us, self.height, cancel).await
        })
        .await?;
        place.write(still.jpeg).await?;
        let picture = Picture {
            path: out.display().to_string(),
            at_us: still.at_us,
            width_px: still.width_px,
            height_px: still.height_px,
            reason,
        };
        if self.json {
            output::print_json(&picture)?;
        } else {
            let why = picture
                .reason
                .map_or_else(String::new, |reason| format!(" ({reason})"));
            output::print_line(&format!(
                "{}: {} × {}, the frame at {}{why}",
                picture.path,
                picture.width_px,
                picture.height_px,
                timecode::exact(picture.at_us)
            ));
        }
        Ok(ExitCode::Done)
    }

    fn list(&self, found: &[CoverSuggestion]) -> Result<ExitCode, Problem> {
        if self.json {
            let list: Vec<Suggestion> = found
                .iter()
                .map(|suggestion| Suggestion {
                    at_us: suggestion.picture.at_us,
                    reason: suggestion.reason(),
                })
                .collect();
            output::print_json(&list)?;
            return Ok(ExitCode::Done);
        }
        if found.is_empty() {
            return Err(self.nothing_stands_out());
        }
        for suggestion in found {
            let at = timecode::exact(suggestion.picture.at_us);
            output::print_line(&format!("{at}  {}", suggestion.reason()));
        }
        Ok(ExitCode::Done)
    }

    fn nothing_stands_out(&self) -> Problem {
        Problem::needs_user(
            ErrorCode::new("cover.none"),
            UserAction::Retry,
            format!("No frame of “{}” stands out.", self.file.display()),
        )
        .fix("Choose one with --at.")
    }
}
