//! How much louder or quieter a sound has to become (MEDIA.md §5).

use daypart_domain::problem::Problem;
use tokio_util::sync::CancellationToken;

use super::{Tools, arguments, arguments::Recipe};
use crate::{
    confine::Allowance,
    pipe_run::{PipeFault, PipeRun, run_pipe},
    problems,
    sound::{Loudness, LoudnessMeter},
};

const TARGET_LUFS: f64 = -14.0;
/// Nobody hears a smaller difference.
const LEAVE_WITHIN_LU: f64 = 1.0;
/// More would lift the noise of the room with it.
const LIFT_MAX_DB: f64 = 12.0;
/// What a limiter takes away is given back once, up to this.
const GIVE_BACK_MAX_DB: f64 = 1.5;
const GIVE_BACK_FROM_DB: f64 = 0.2;

/// The gain with which the result has -14 LUFS; the plan's own where it asks for nothing, where nothing is heard,
/// and where the loudness is right already.
pub(super) async fn gain_db(
    tools: &Tools<'_>,
    recipe: Recipe<'_>,
    cancel: &CancellationToken,
) -> Result<f64, Problem> {
    let planned_db = recipe.plan.sound.gain_db;
    if !recipe.plan.sound.measure_first {
        return Ok(planned_db);
    }
    let unlimited = without_limiter(recipe.plan);
    let recipe_unlimited = Recipe {
        plan: &unlimited,
        ..recipe
    };
    let Some(measured) = measure(tools, recipe_unlimited, cancel).await? else {
        return Ok(planned_db);
    };
    let missing_db = missing_db(measured.integrated_lufs);
    let gain_db = planned_db + missing_db;
    if missing_db <= 0.0 || !recipe.plan.sound.limit_peaks {
        return Ok(gain_db);
    }
    let limited = measure(tools, Recipe { gain_db, ..recipe }, cancel).await?;
    let lost_db = limited
        .and_then(|loudness| loudness.integrated_lufs)
        .map_or(0.0, |loudness| TARGET_LUFS - loudness);
    let at_most_db = (LIFT_MAX_DB - missing_db).clamp(0.0, GIVE_BACK_MAX_DB);
    Ok(if lost_db > GIVE_BACK_FROM_DB {
        gain_db + lost_db.min(at_most_db)
    } else {
        gain_db
    })
}

fn without_limiter(
    plan: &daypart_domain::transcode_plan::TranscodePlan,
) -> daypart_domain::transcode_plan::TranscodePlan {
    let mut plan = plan.clone();
    plan.sound.limit_peaks = false;
    plan
}

fn missing_db(integrated_lufs: Option<f64>) -> f64 {
    let missing_db = integrated_lufs.map_or(0.0, |loudness| TARGET_LUFS - loudness);
    if missing_db.abs() < LEAVE_WITHIN_LU {
        return 0.0;
    }
    missing_db.min(LIFT_MAX_DB)
}

/// `None` without sound.
async fn measure(
    tools: &Tools<'_>,
    recipe: Recipe<'_>,
    cancel: &CancellationToken,
) -> Result<Option<Loudness>, Problem> {
    let listening =
        arguments::listening(&recipe).map_err(|error| problems::tool_failed(recipe.source, &error))?;
    let Some(arguments) = listening else {
        return Ok(None);
    };
    let run = PipeRun {
        program: tools.ffmpeg,
        arguments,
        reads: Vec::new(),
        feed: None,
        allowance: Allowance::Stream,
        stall_timeout: tools.stall_timeout,
    };
    let end = run_pipe(run, LoudnessMeter::of_stream, cancel)
        .await
        .map_err(|fault| match fault {
            PipeFault::Cancelled => problems::cancelled(recipe.source),
            PipeFault::Stalled => problems::stalled(recipe.source),
            fault => problems::tool_failed(recipe.source, &fault),
        })?;
    if !end.success {
        return Err(problems::encode_failed(recipe.source, &end.stderr));
    }
    let loudness = end
        .read
        .map_err(|error| problems::encode_failed(recipe.source, &error.to_string()))?;
    Ok(Some(loudness))
}

#[cfg(test)]
mod tests {
    use super::missing_db;

    #[test]
    fn the_way_to_the_target_is_bounded_and_small_ways_are_not_taken() {
        assert_eq!(missing_db(Some(-20.0)), 6.0);
        assert_eq!(missing_db(Some(-40.0)), 12.0);
        assert_eq!(missing_db(Some(-8.0)), -6.0);
        assert_eq!(missing_db(Some(-14.9)), 0.0);
        assert_eq!(missing_db(Some(-13.1)), 0.0);
        assert_eq!(missing_db(None), 0.0, "silence stays silence");
    }
}
