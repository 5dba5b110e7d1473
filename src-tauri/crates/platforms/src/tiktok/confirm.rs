//! Reading a post back (E6).

use daypart_domain::{
    problem::{Problem, UserAction},
    publication::{Receipt, RemoteHandle},
};
use daypart_ports::platform::{Confirmation, Session};

use super::{
    TikTok, errors,
    upload::{PostReference, fetch_status, is_unknown_publish_id},
    wire::PostStatus,
};
use crate::codes;

const EVERYONE: &str = "PUBLIC_TO_EVERYONE";

pub async fn confirm(
    tiktok: &TikTok,
    session: &Session,
    remote: &RemoteHandle,
) -> Result<Confirmation, Problem> {
    let reference = PostReference::from_json(&remote.0)?;
    match fetch_status(tiktok, session, &reference.publish_id).await {
        Ok(status) => Ok(read_back(tiktok, &reference, &status)),
        Err(problem) if is_unknown_publish_id(&problem) => Ok(Confirmation::Unknown),
        Err(problem) => Err(problem),
    }
}

fn read_back(tiktok: &TikTok, reference: &PostReference, status: &PostStatus) -> Confirmation {
    match status.status.as_str() {
        "PUBLISH_COMPLETE" => Confirmation::Published {
            receipt: receipt(tiktok, reference, status),
            warnings: Vec::new(),
            // Moderation may take its time until the public id appears; other visibilities never get one.
            more_to_come: status.publicaly_available_post_id.is_empty()
                && reference.privacy_level == EVERYONE,
        },
        "FAILED" => Confirmation::Refused(errors::fail_reason(
            status.fail_reason.as_deref().unwrap_or("without a reason"),
            tiktok.clock.now(),
        )),
        // Only posts that were sent to the inbox end so; a direct post has no business there.
        "SEND_TO_USER_INBOX" => Confirmation::Refused(
            Problem::needs_user(
                codes::POST_REFUSED,
                UserAction::CheckPlatform,
                "TikTok put the video into the app's inbox instead of posting it.",
            )
            .fix("Open the TikTok app and finish the post there."),
        ),
        other => Confirmation::Pending {
            note: format!("TikTok is still working on it ({other})."),
        },
    }
}

/// Time: the platform's acknowledgement of the last byte where we saw it, else now. E6 names neither a time nor
/// the visibility; an id is only given to what everyone can see (§3, E6).
pub fn receipt(tiktok: &TikTok, reference: &PostReference, status: &PostStatus) -> Receipt {
    let remote_id = status.publicaly_available_post_id.first().cloned();
    Receipt {
        url: remote_id
            .as_ref()
            .map(|id| post_url(tiktok, &reference.username, id)),
        visibility: remote_id.as_ref().map(|_| EVERYONE.to_owned()),
        remote_id,
        published_at: reference.received_at.unwrap_or_else(|| tiktok.clock.now()),
        read_back: true,
    }
}

pub fn post_url(tiktok: &TikTok, username: &str, id: &str) -> String {
    format!("{}/@{username}/video/{id}", tiktok.endpoints.www)
}
