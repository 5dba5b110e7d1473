//! Whether a platform answers, and what time it thinks it is.

use daypart_domain::{
    platform::{PlatformId, Realm},
    problem::Problem,
};
use daypart_ports::clock::Clock;

use crate::{
    LoopbackBase,
    http::{HttpClient, Stakes},
    tiktok, youtube,
};

/// An answer, whatever it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    pub took_ms: i64,
    /// How far this computer's clock is ahead of the platform's (its `Date` header, whole seconds); `None` without one.
    pub clock_ahead_ms: Option<i64>,
}

/// Asks the platform for nothing in particular, without any token. Any answer is one.
///
/// # Errors
/// `network.…` when none came; `None` for a platform that has no address here.
pub async fn reach(
    platform: &PlatformId,
    name: &str,
    realm: Realm,
    practice: Option<&LoopbackBase>,
    clock: &dyn Clock,
) -> Result<Option<Reached>, Problem> {
    let client = match realm {
        Realm::Real => HttpClient::real()?,
        Realm::Practice => HttpClient::practice()?,
    };
    let address = match (platform.as_str(), realm, practice) {
        ("tiktok", Realm::Real, _) => tiktok::Endpoints::real().api_address(),
        ("tiktok", Realm::Practice, Some(base)) => tiktok::Endpoints::practice(base).api_address(),
        ("youtube", Realm::Real, _) => youtube::Endpoints::real().api_address(),
        ("youtube", Realm::Practice, Some(base)) => youtube::Endpoints::practice(base).api_address(),
        _ => return Ok(None),
    };
    let asked_at = clock.now();
    let reply = client
        .call(client.get(address))
        .await
        .map_err(|fault| fault.into_problem(name, Stakes::Repeatable))?;
    let answered_at = clock.now();
    let took_ms = answered_at.as_millisecond() - asked_at.as_millisecond();
    let middle_ms = asked_at.as_millisecond() + took_ms / 2;
    Ok(Some(Reached {
        took_ms,
        // The header is cut to the second: on average half of one has passed since.
        clock_ahead_ms: reply.date().map(|date| middle_ms - date.as_millisecond() - 500),
    }))
}
