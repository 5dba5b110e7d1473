//! The runs of ffmpeg that make one rendition, and how far they are together.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use daypart_domain::problem::Problem;
use daypart_ports::media::{EncodeObserver, EncodeProgress};
use tokio_util::sync::CancellationToken;

use super::{
    Tools,
    arguments::{self, Pass, Recipe},
    conversion::{Conversion, ConversionFault, Report, run},
};
use crate::{fence::font_folders, problems};

pub(super) struct Passes<'a> {
    tools: &'a Tools<'a>,
    recipe: &'a Recipe<'a>,
    part: &'a Path,
    count: u64,
    /// How many are done.
    done: u64,
    observer: EncodeObserver<'a>,
    cancel: &'a CancellationToken,
}

impl<'a> Passes<'a> {
    pub(super) fn new(
        tools: &'a Tools<'a>,
        recipe: &'a Recipe<'a>,
        part: &'a Path,
        count: u64,
        observer: EncodeObserver<'a>,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self {
            tools,
            recipe,
            part,
            count,
            done: 0,
            observer,
            cancel,
        }
    }

    pub(super) fn next(&mut self) {
        self.done += 1;
    }

    /// The outer error is one of ours, the inner one ffmpeg's.
    pub(super) async fn run(&self, pass: Pass<'_>) -> Result<Result<(), ConversionFault>, Problem> {
        let arguments = arguments::arguments(self.recipe, pass, self.part)
            .map_err(|error| problems::encode_failed(self.recipe.source, &error.to_string()))?;
        Ok(self.run_line(arguments).await)
    }

    pub(super) async fn run_line(&self, arguments: Vec<OsString>) -> Result<(), ConversionFault> {
        let conversion = Conversion {
            program: self.tools.ffmpeg,
            arguments,
            reads: reads(self.recipe),
            writes: Some(self.part),
            stall_timeout: self.tools.stall_timeout,
            paused: self.tools.paused.clone(),
        };
        let total_ms = self.recipe.duration_us() / 1_000;
        let on_progress = |report: Report| (self.observer)(overall(report, total_ms, self.done, self.count));
        run(conversion, &on_progress, self.cancel).await.map(|_| ())
    }
}

/// What filters open: the captions, and the fonts to draw them with.
pub(super) fn reads(recipe: &Recipe<'_>) -> Vec<PathBuf> {
    let target = recipe.plan.target.as_ref();
    let captions = target.and_then(|target| target.captions_path.as_ref());
    captions.map_or_else(Vec::new, |captions| {
        [PathBuf::from(captions)]
            .into_iter()
            .chain(font_folders())
            .collect()
    })
}

/// Every pass counts alike.
fn overall(report: Report, total_ms: u64, done: u64, count: u64) -> EncodeProgress {
    let in_pass_ms = report.done_ms.min(total_ms);
    let left_ms = (total_ms - in_pass_ms) + (count - done - 1) * total_ms;
    let speed = speed(report.done_ms, report.worked);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive time; the cast saturates"
    )]
    let remaining_ms = speed.map(|speed| (left_ms as f64 / speed).round() as u64);
    EncodeProgress {
        done_ms: (done * total_ms + in_pass_ms) / count,
        total_ms,
        speed,
        frames_done: report.frames,
        size_bytes: report.size_bytes,
        remaining_ms,
    }
}

fn speed(done_ms: u64, worked: Duration) -> Option<f64> {
    let speed = done_ms as f64 / (worked.as_secs_f64() * 1_000.0);
    (speed.is_finite() && speed > 0.0).then_some(speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(done_ms: u64, worked_ms: u64) -> Report {
        Report {
            done_ms,
            frames: 3,
            size_bytes: 4,
            worked: Duration::from_millis(worked_ms),
        }
    }

    #[test]
    fn the_rest_takes_as_long_as_the_pace_so_far_says() {
        let progress = overall(report(2_500, 5_000), 10_000, 0, 1);
        assert_eq!((progress.done_ms, progress.total_ms), (2_500, 10_000));
        assert_eq!(progress.speed, Some(0.5));
        assert_eq!(progress.remaining_ms, Some(15_000));
    }

    #[test]
    fn two_passes_are_one_way_to_go() {
        let first = overall(report(5_000, 5_000), 10_000, 0, 2);
        assert_eq!((first.done_ms, first.remaining_ms), (2_500, Some(15_000)));
        let second = overall(report(5_000, 5_000), 10_000, 1, 2);
        assert_eq!((second.done_ms, second.remaining_ms), (7_500, Some(5_000)));
    }

    #[test]
    fn nothing_is_promised_before_there_is_a_pace() {
        assert_eq!(overall(report(0, 0), 10_000, 0, 1).remaining_ms, None);
        assert_eq!(overall(report(12_000, 1_000), 10_000, 0, 1).remaining_ms, Some(0));
    }
}
