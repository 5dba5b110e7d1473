//! Lateness and what was missed, on the wire.

use std::time::Duration;

use daypart_domain::{lateness::LatenessPolicy, problem::Problem};
use daypart_engine::{Engine, MissedDecision};
use daypart_ipc as ipc;

pub fn missed_decision(decision: ipc::MissedDecision) -> MissedDecision {
    match decision {
        ipc::MissedDecision::PublishNow => MissedDecision::PublishNow,
        ipc::MissedDecision::NextSlot => MissedDecision::NextSlot,
        ipc::MissedDecision::At {
            at: ipc::WallTime { wall, zone },
        } => MissedDecision::At { wall, zone },
        ipc::MissedDecision::LetGo => MissedDecision::LetGo,
    }
}

pub fn lateness_policy(policy: ipc::LatenessPolicy) -> LatenessPolicy {
    match policy {
        ipc::LatenessPolicy::PublishWithin { late_ms } => LatenessPolicy::PublishWithin { late_ms },
        ipc::LatenessPolicy::Ask => LatenessPolicy::Ask,
        ipc::LatenessPolicy::Skip => LatenessPolicy::Skip,
        ipc::LatenessPolicy::NextSlot => LatenessPolicy::NextSlot,
    }
}

pub async fn lateness_settings(engine: &Engine) -> Result<ipc::LatenessSettings, Problem> {
    let policy = match engine.default_lateness().await? {
        LatenessPolicy::PublishWithin { late_ms } => ipc::LatenessPolicy::PublishWithin { late_ms },
        LatenessPolicy::Ask => ipc::LatenessPolicy::Ask,
        LatenessPolicy::Skip => ipc::LatenessPolicy::Skip,
        LatenessPolicy::NextSlot => ipc::LatenessPolicy::NextSlot,
    };
    let spacing = engine.default_spacing().await?;
    Ok(ipc::LatenessSettings {
        policy,
        spacing_ms: u64::try_from(spacing.as_millis()).unwrap_or(u64::MAX),
    })
}

/// # Errors
/// `lateness.spacing`; nothing has changed then.
pub async fn set_lateness_settings(
    engine: &Engine,
    settings: ipc::LatenessSettings,
) -> Result<ipc::LatenessSettings, Problem> {
    engine
        .set_spacing(None, Duration::from_millis(settings.spacing_ms))
        .await?;
    engine
        .set_default_lateness(lateness_policy(settings.policy))
        .await?;
    lateness_settings(engine).await
}
