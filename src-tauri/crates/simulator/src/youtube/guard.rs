//! What every API call passes first: token, scope, quota.

use crate::app::App;
use crate::call::{Call, Refusal};
use crate::oauth::Grant;
use crate::world::World;
use crate::youtube::YOUTUBE;
use crate::youtube::errors::{
    insufficient_permissions, missing_parameter, refuse, unauthenticated, unexpected_part,
};
use crate::youtube::quota::charge;
use crate::youtube::settings::Account;

/// Scopes by what they allow, without their common prefix.
pub(crate) const UPLOAD: &[&str] = &["youtube.upload", "youtube", "youtube.force-ssl"];
pub(crate) const READ: &[&str] = &["youtube.readonly", "youtube", "youtube.force-ssl"];
pub(crate) const WRITE: &[&str] = &["youtube", "youtube.force-ssl"];
pub(crate) const CAPTIONS: &[&str] = &["youtube.force-ssl"];

pub(crate) const SCOPE_PREFIX: &str = "https://www.googleapis.com/auth/";

/// The grant behind a live token with one of `scopes`.
pub(crate) fn authorized(app: &App, call: &Call, scopes: &[&str]) -> Result<Grant, Refusal> {
    let now_ms = app.clock.now_ms();
    let token = call.bearer().unwrap_or("");
    let Some(grant) = app.look(|world| world.oauth.live_grant(YOUTUBE, token, now_ms).cloned()) else {
        return Err(unauthenticated());
    };
    let granted = |scope: &&str| {
        grant
            .scopes
            .iter()
            .any(|g| g.strip_prefix(SCOPE_PREFIX).is_some_and(|short| short == *scope))
    };
    if scopes.iter().any(granted) {
        Ok(grant)
    } else {
        Err(insufficient_permissions())
    }
}

/// Authorizes and takes `units` from the quota.
pub(crate) fn admit(app: &App, call: &Call, scopes: &[&str], units: i64) -> Result<Grant, Refusal> {
    let grant = authorized(app, call, scopes)?;
    app.change(|world| charge(world, &grant.client, units))??;
    Ok(grant)
}

/// The caller's channel, if it has one that may be used.
pub(crate) fn channel<'w>(world: &'w World, grant: &Grant) -> Result<&'w Account, Refusal> {
    let account = world
        .youtube
        .accounts
        .get(&grant.account)
        .filter(|account| account.has_channel);
    let Some(account) = account else {
        return Err(refuse(
            401,
            "youtube.header",
            "youtubeSignupRequired",
            "Unauthorized: this account has no channel.",
        ));
    };
    if account.closed {
        return Err(refuse(
            403,
            "youtube.common",
            "channelClosed",
            "The channel has been closed.",
        ));
    }
    if account.suspended {
        return Err(refuse(
            403,
            "youtube.common",
            "channelSuspended",
            "The channel has been suspended.",
        ));
    }
    Ok(account)
}

/// The parts asked for; each must be among `known`.
pub(crate) fn parts<'c>(call: &'c Call, known: &[&str]) -> Result<Vec<&'c str>, Refusal> {
    let asked = call
        .query
        .iter()
        .filter(|(name, _)| name == "part")
        .flat_map(|(_, value)| value.split(','));
    let asked: Vec<&str> = asked.map(str::trim).filter(|part| !part.is_empty()).collect();
    if asked.is_empty() {
        return Err(missing_parameter("part"));
    }
    match asked.iter().find(|part| !known.contains(part)) {
        Some(part) => Err(unexpected_part(part)),
        None => Ok(asked),
    }
}
