//! Posts on the wire.

use std::collections::BTreeMap;

use daypart_domain::{
    account::PostingOptions,
    ids::{AccountId, PostId},
    problem::Problem,
};
use daypart_engine::{Engine, PostDraft, PostOverview, ScheduleWhen};
use daypart_ipc as ipc;

use super::publications;

pub async fn post(engine: &Engine, overview: PostOverview) -> Result<ipc::Post, Problem> {
    let PostOverview {
        post,
        asset: _,
        publications,
    } = overview;
    let mut pairs = Vec::with_capacity(publications.len());
    for publication in publications {
        let wire = publications::from_domain(engine, publication.clone(), post.schedule.as_ref()).await?;
        pairs.push((publication, wire));
    }
    Ok(ipc::Post::from_domain(post, pairs))
}

/// # Errors
/// `request.id` for an id that is none.
pub fn draft(draft: ipc::PostDraft) -> Result<PostDraft, Problem> {
    let parts = draft.into_parts()?;
    Ok(PostDraft {
        id: Some(parts.id),
        asset_id: parts.asset_id,
        edit: parts.edit,
        wishes: parts.wishes,
        caption: parts.caption,
        destinations: parts.destinations,
        planned: parts.schedule.map(|schedule| (schedule.wall, schedule.zone)),
    })
}

pub fn when(when: ipc::ScheduleWhen) -> ScheduleWhen {
    match when {
        ipc::ScheduleWhen::Now => ScheduleWhen::Now,
        ipc::ScheduleWhen::At {
            at: ipc::WallTime { wall, zone },
        } => ScheduleWhen::At { wall, zone },
    }
}

/// The pre-flight of a post; `posting` holds what the accounts offer, as far as it was read.
pub async fn check(
    engine: &Engine,
    id: PostId,
    posting: &BTreeMap<AccountId, PostingOptions>,
) -> Result<ipc::PostCheck, Problem> {
    let overview = engine.post(id).await?;
    let destinations: Vec<_> = engine
        .check_post(id, posting)
        .await?
        .into_iter()
        .map(|check| ipc::DestinationCheck::from_preflight(check.account_id, check.preflight))
        .collect();
    let findings: Vec<ipc::Finding> = engine
        .post_blockers(&overview)
        .into_iter()
        .map(ipc::Finding::from)
        .collect();
    let can_schedule = findings.is_empty() && !destinations.iter().any(ipc::DestinationCheck::is_blocked);
    Ok(ipc::PostCheck {
        post_id: id.to_string(),
        destinations,
        findings,
        can_schedule,
    })
}
