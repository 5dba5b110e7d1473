//! `daypart convert FILE --to PLATFORM -o OUT`

use std::path::PathBuf;

use clap::Args;
use daypart_app::{MeasuredClip, Output};
use daypart_domain::{
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::PlannedRendition,
};
use daypart_ipc as ipc;
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    destinations::{Destinations, names},
    exit::ExitCode,
    interruption::unless_interrupted,
    output,
    progress::Progress,
};

use super::plan::rung_words;

/// A file that all these platforms take as it is is copied byte by byte. Ctrl+C leaves nothing behind.
///
/// Exit codes: 0 made and checked · 3 OUT is there already, the platforms need different files, or FILE cannot be used ·
/// 4 no conversion satisfies a platform · 6 interrupted, or a passing fault.
#[derive(Args)]
pub struct Convert {
    #[command(flatten)]
    destinations: Destinations,
    /// The file to make: an MP4, unless FILE is copied.
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,
    /// Replace OUT when it is there already.
    #[arg(long)]
    force: bool,
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Converted {
    path: String,
    /// Ids of platforms.
    serves: Vec<&'static str>,
    rung: ipc::Rung,
    reasons: Vec<String>,
    size_bytes: u64,
    took_ms: u64,
    media: ipc::MediaInfo,
}

impl Convert {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let edit = self.destinations.edit()?;
        let clip = MeasuredClip::measure(&self.destinations.file).await?;
        let output = Output::prepare(&self.output, &self.destinations.file, self.force)?;
        let specs = &self.destinations.to;
        let mut renditions = clip.check_and_plan(&edit, specs)?.renditions;
        let rendition = match (renditions.pop(), renditions.is_empty()) {
            (Some(rendition), true) => rendition,
            (Some(last), false) => {
                renditions.push(last);
                return Err(self.several(&renditions));
            }
            (None, _) => return Err(Problem::bug("nothing was planned for a platform")),
        };
        let began = Instant::now();
        let progress = Progress::new();
        let made = unless_interrupted(async |cancel| {
            let observer = |now| progress.tell(now);
            daypart_app::convert(&clip, &rendition, specs, output, &observer, cancel).await
        })
        .await;
        progress.end();
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.print(rendition, made?, took_ms)?;
        Ok(ExitCode::Done)
    }

    fn several(&self, renditions: &[PlannedRendition]) -> Problem {
        let groups = renditions.iter().map(|rendition| {
            names(
                rendition
                    .serves
                    .iter()
                    .filter_map(|index| self.destinations.to.get(*index).copied()),
            )
        });
        Problem::needs_user(
            ErrorCode::new("convert.several_files"),
            UserAction::Retry,
            format!("These platforms need {} different files.", renditions.len()),
        )
        .fix(format!(
            "Convert for each group by itself: {}.",
            groups.collect::<Vec<_>>().join("; ")
        ))
    }

    fn print(&self, rendition: PlannedRendition, made: MediaInfo, took_ms: u64) -> Result<(), Problem> {
        let path = self.output.display().to_string();
        if self.json {
            return output::print_json(&Converted {
                path,
                serves: self.destinations.to.iter().map(|spec| spec.id).collect(),
                rung: rendition.plan.rung.into(),
                reasons: rendition.plan.reasons,
                size_bytes: made.size_bytes,
                took_ms,
                media: made.into(),
            });
        }
        output::print_line(&format!(
            "{path}: {}, for {}, {} in {:.1} s",
            rung_words(rendition.plan.rung),
            self.destinations.names(),
            output::megabytes(made.size_bytes),
            took_ms as f64 / 1000.0,
        ));
        Ok(())
    }
}
