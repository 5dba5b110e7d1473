//! Daily caps: counted over posts of the last 24 hours of virtual time.

use std::collections::BTreeSet;

use crate::tiktok::settings::Settings;
use crate::tiktok::{Kind, PostState, Publish};
use crate::world::World;

const DAY_MS: i64 = 86_400_000;

/// Why this creator may not post now: the error code.
pub(crate) fn direct_post_refusal(world: &World, settings: &Settings, account: &str) -> Option<&'static str> {
    if world.creator(account).is_some_and(|creator| creator.banned) {
        return Some("spam_risk_user_banned_from_posting");
    }
    let recent = |publish: &&Publish| {
        publish.kind == Kind::Direct
            && publish.state != PostState::Failed
            && publish.complete_ms.is_some_and(|at| at > world.now_ms - DAY_MS)
    };
    let posts: Vec<&Publish> = world.tiktok.publishes.values().filter(recent).collect();
    if posts.iter().filter(|p| p.account == account).count() >= settings.daily_post_cap {
        return Some("spam_risk_too_many_posts");
    }
    let others: BTreeSet<&str> = posts
        .iter()
        .map(|p| p.account.as_str())
        .filter(|a| *a != account)
        .collect();
    let cap = if settings.audited {
        settings.creator_cap
    } else {
        Some(settings.unaudited_user_cap)
    };
    cap.is_some_and(|cap| others.len() >= cap)
        .then_some("reached_active_user_cap")
}

/// True if this creator has as many unfinished drafts as are allowed in a day.
pub(crate) fn too_many_pending_shares(world: &World, settings: &Settings, account: &str) -> bool {
    let pending = |publish: &&Publish| {
        publish.kind == Kind::Inbox
            && publish.account == account
            && publish.created_ms > world.now_ms - DAY_MS
            && matches!(
                publish.state,
                PostState::Uploading | PostState::Processing | PostState::Inbox
            )
    };
    world.tiktok.publishes.values().filter(pending).count() >= settings.pending_share_cap
}

pub(crate) fn message_of(code: &str) -> &'static str {
    match code {
        "spam_risk_too_many_posts" => "The daily post cap of this user is reached.",
        "spam_risk_user_banned_from_posting" => "The user is banned from making new posts.",
        "reached_active_user_cap" => "The daily quota for active publishing users of this client is reached.",
        _ => "The user has too many pending shares within the last 24 hours.",
    }
}
