//! Whose channel it is, and what it may do (Y9).

use daypart_domain::{account::PostingOptions, delivery_spec::AccountLimits, problem::Problem};
use daypart_ports::platform::{Profile, Session};

use super::{YouTube, errors, playlists, wire::Channel};

/// Channels that are not verified (§5).
const UNVERIFIED_DURATION_MAX_MS: u64 = 15 * 60 * 1000;

/// The channel that was picked at the consent page.
pub async fn own_channel(youtube: &YouTube, session: &Session) -> Result<Channel, Problem> {
    let query = [("part", "id,snippet,contentDetails,status"), ("mine", "true")];
    let (listing, _) = youtube.list::<Channel>(session, "channels", &query).await?;
    listing.items.into_iter().next().ok_or_else(errors::no_channel)
}

pub async fn profile(youtube: &YouTube, session: &Session) -> Result<Profile, Problem> {
    let channel = own_channel(youtube, session).await?;
    let snippet = channel.snippet;
    Ok(Profile {
        remote_user_id: channel.id,
        avatar_url: snippet
            .as_ref()
            .and_then(|snippet| Some(snippet.thumbnails.as_ref()?.default.as_ref()?.url.clone())),
        display_name: snippet.map(|snippet| snippet.title).unwrap_or_default(),
    })
}

pub async fn posting_options(youtube: &YouTube, session: &Session) -> Result<PostingOptions, Problem> {
    let channel = own_channel(youtube, session).await?;
    let long_uploads = channel.status.and_then(|status| status.long_uploads_status);
    Ok(PostingOptions {
        limits: AccountLimits {
            duration_max_ms: match long_uploads.as_deref() {
                Some("eligible" | "disallowed") => Some(UNVERIFIED_DURATION_MAX_MS),
                _ => None,
            },
            ..AccountLimits::default()
        },
        choices: playlists::choices(youtube, session).await,
        ..PostingOptions::default()
    })
}
