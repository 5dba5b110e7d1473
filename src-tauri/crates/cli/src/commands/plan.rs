//! `daypart plan FILE --to PLATFORM`: which files would be made, and why.

use clap::Args;
use daypart_app::MeasuredClip;
use daypart_domain::{
    problem::Problem,
    transcode_plan::{PlannedRendition, Rung, Wishes},
};
use daypart_ipc as ipc;
use serde::Serialize;

use crate::{
    destinations::{Destinations, names},
    exit::ExitCode,
    output, timecode,
    wish_options::{GraphicsCardOption, Quality, WishOptions},
};

/// Exit codes: 0 every platform can be served · 4 something stands in the way that Daypart cannot mend.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    destinations: Destinations,
    #[command(flatten)]
    wishes: WishOptions,
    /// Of new video.
    #[arg(long, value_enum, default_value = "standard")]
    quality: Quality,
    #[command(flatten)]
    graphics_card: GraphicsCardOption,
    #[arg(long)]
    json: bool,
}

/// A planned file, its `serves` being ids of platforms.
#[derive(Serialize)]
struct Planned {
    #[serde(flatten)]
    rendition: ipc::PlannedRendition,
    /// Whether `expected_ms` comes from this computer's own past runs.
    time_is_learned: bool,
    why: Vec<Why>,
    obstacles: Vec<Obstacle>,
}

#[derive(Serialize)]
struct Why {
    rule: String,
    rung: ipc::Rung,
    message: String,
    /// None when it is the edit that needs it.
    platform: Option<&'static str>,
}

#[derive(Serialize)]
struct Obstacle {
    rule: String,
    message: String,
    platform: Option<&'static str>,
}

impl Plan {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let edit = self.destinations.edit()?;
        let clip = MeasuredClip::measure(&self.destinations.file).await?;
        let unwished = self.graphics_card.added_to(Wishes::default()).await?;
        let wishes = self.wishes.wishes(self.quality, unwished);
        let renditions = clip
            .check_and_plan(&edit, wishes, &self.destinations.to)?
            .renditions;
        let is_blocked = renditions.iter().any(|rendition| !rendition.obstacles.is_empty());
        if self.json {
            let planned: Vec<Planned> = renditions
                .into_iter()
                .map(|rendition| self.planned(rendition))
                .collect();
            output::print_json(&planned)?;
        } else {
            renditions.iter().for_each(|rendition| self.print(rendition));
        }
        Ok(if is_blocked {
            ExitCode::Failed
        } else {
            ExitCode::Done
        })
    }

    fn platform(&self, index: usize) -> Option<&'static str> {
        self.destinations.to.get(index).map(|spec| spec.id)
    }

    fn planned(&self, rendition: PlannedRendition) -> Planned {
        let PlannedRendition {
            serves,
            plan,
            why,
            expected_size_bytes,
            expected_time,
            lost,
            obstacles,
        } = rendition;
        Planned {
            rendition: ipc::PlannedRendition {
                serves: serves
                    .into_iter()
                    .filter_map(|index| self.platform(index))
                    .map(str::to_owned)
                    .collect(),
                rung: plan.rung.into(),
                reasons: plan.reasons,
                lost,
                expected_bytes: Some(expected_size_bytes),
                expected_ms: Some(expected_time.time_ms),
                in_the_way: obstacles
                    .iter()
                    .map(|obstacle| obstacle.sentence.clone())
                    .collect(),
            },
            time_is_learned: expected_time.learned,
            why: why
                .into_iter()
                .map(|reason| Why {
                    rule: reason.rule,
                    rung: reason.rung.into(),
                    message: reason.sentence,
                    platform: reason.destination.and_then(|index| self.platform(index)),
                })
                .collect(),
            obstacles: obstacles
                .into_iter()
                .map(|obstacle| Obstacle {
                    rule: obstacle.rule,
                    message: obstacle.sentence,
                    platform: self.platform(obstacle.destination),
                })
                .collect(),
        }
    }

    fn print(&self, rendition: &PlannedRendition) {
        let served = rendition
            .serves
            .iter()
            .filter_map(|index| self.destinations.to.get(*index).copied());
        let size = output::megabytes(rendition.expected_size_bytes);
        let time = timecode::clock(rendition.expected_time.time_ms);
        output::print_line(&match rendition.plan.rung {
            Rung::AsIs => format!("{}: sent as it is, {size}", names(served)),
            rung => format!(
                "{}: {}, about {size} in about {time}",
                names(served),
                rung_words(rung)
            ),
        });
        for reason in &rendition.why {
            output::print_line(&format!("  why       {} [{}]", reason.sentence, reason.rule));
        }
        for loss in &rendition.lost {
            output::print_line(&format!("  lost      {loss}"));
        }
        for obstacle in &rendition.obstacles {
            output::print_line(&format!("  obstacle  {} [{}]", obstacle.sentence, obstacle.rule));
        }
    }
}

/// What is done to a file, in words.
pub fn rung_words(rung: Rung) -> &'static str {
    match rung {
        Rung::AsIs => "copied as it is",
        Rung::Remux => "new container, picture and sound untouched",
        Rung::AudioOnly => "new sound, picture untouched",
        Rung::Encode => "new picture and sound",
    }
}
