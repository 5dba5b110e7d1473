//! `daypart convert FILE --to PLATFORM -o OUT`

use std::path::PathBuf;

use clap::Args;
use daypart_app::{MeasuredClip, Output};
use daypart_domain::{
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::{PlannedRendition, Wishes},
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
    wish_options::{GraphicsCardOption, Quality, WishOptions},
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
    #[command(flatten)]
    wishes: WishOptions,
    /// Of new video. Several make several files, named after OUT: OUT-smaller.mp4, OUT-best.mp4.
    #[arg(
        long = "quality",
        value_enum,
        value_delimiter = ',',
        default_value = "standard"
    )]
    qualities: Vec<Quality>,
    #[command(flatten)]
    graphics_card: GraphicsCardOption,
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
    /// None where the picture was copied.
    quality: Option<&'static str>,
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
        let unwished = self.graphics_card.added_to(Wishes::default()).await?;
        let mut versions = Vec::new();
        for quality in &self.qualities {
            let wishes = self.wishes.wishes(*quality, unwished);
            let rendition = self.one(
                clip.check_and_plan(&edit, wishes, &self.destinations.to)?
                    .renditions,
            )?;
            let encodes = rendition.plan.target.is_some();
            if !encodes && self.qualities.len() > 1 {
                return Err(self.one_quality_only());
            }
            let path = self.path_of(*quality);
            let output = Output::prepare(&path, &self.destinations.file, self.force)?;
            versions.push((Some(*quality).filter(|_| encodes), path, rendition, output));
        }
        let mut converted = Vec::new();
        for (quality, path, rendition, output) in versions {
            converted.push(self.make(&clip, quality, path, rendition, output).await?);
        }
        if self.json {
            match converted.as_slice() {
                [one] => output::print_json(one)?,
                several => output::print_json(&several)?,
            }
        }
        Ok(ExitCode::Done)
    }

    async fn make(
        &self,
        clip: &MeasuredClip,
        quality: Option<Quality>,
        path: PathBuf,
        rendition: PlannedRendition,
        output: Output,
    ) -> Result<Converted, Problem> {
        let specs = &self.destinations.to;
        let began = Instant::now();
        let progress = Progress::new();
        let made = unless_interrupted(async |cancel| {
            let observer = |now| progress.tell(now);
            daypart_app::convert(clip, &rendition, specs, output, &observer, cancel).await
        })
        .await;
        progress.end();
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let made = made?;
        let path = path.display().to_string();
        if !self.json {
            output::print_line(&format!(
                "{path}: {}, for {}, {} in {:.1} s",
                rung_words(rendition.plan.rung),
                self.destinations.names(),
                output::megabytes(made.size_bytes),
                took_ms as f64 / 1000.0,
            ));
        }
        Ok(Converted {
            path,
            quality: quality.map(Quality::name),
            serves: specs.iter().map(|spec| spec.id).collect(),
            rung: rendition.plan.rung.into(),
            reasons: rendition.plan.reasons,
            size_bytes: made.size_bytes,
            took_ms,
            media: made.into(),
        })
    }

    /// OUT itself for one version.
    fn path_of(&self, quality: Quality) -> PathBuf {
        if self.qualities.len() == 1 {
            return self.output.clone();
        }
        let stem = self.output.file_stem().unwrap_or_default().to_string_lossy();
        let ending = self
            .output
            .extension()
            .map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
        self.output
            .with_file_name(format!("{stem}-{}{ending}", quality.name()))
    }

    fn one(&self, mut renditions: Vec<PlannedRendition>) -> Result<PlannedRendition, Problem> {
        match (renditions.pop(), renditions.is_empty()) {
            (Some(rendition), true) => Ok(rendition),
            (Some(last), false) => {
                renditions.push(last);
                Err(self.several(&renditions))
            }
            (None, _) => Err(Problem::bug("nothing was planned for a platform")),
        }
    }

    fn one_quality_only(&self) -> Problem {
        Problem::needs_user(
            ErrorCode::new("convert.one_quality"),
            UserAction::Retry,
            format!(
                "{} needs no new video here, and a copy has one quality only.",
                self.destinations.names()
            ),
        )
        .fix("Ask for one quality, or for new video with --reencode always.")
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
}
