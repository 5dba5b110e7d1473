//! What YouTube holds until its time (§9): a private video with `publishAt`.

use daypart_domain::{
    options,
    post::Content,
    problem::{Problem, codes},
    publication::RemoteHandle,
};
use daypart_ports::platform::{Session, Submission};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    NAME, YouTube,
    capabilities::keys,
    upload::{self, VideoReference},
    wire::VideoStatus,
};
use crate::http::Stakes;

pub const PUBLIC: &str = "public";
pub const PRIVATE: &str = "private";

/// `publishAt` makes a video public; for any other visibility there is nothing to hold.
pub fn can_hold(content: &Content) -> bool {
    options::text(&content.options, keys::VISIBILITY) == Some(PUBLIC)
}

pub fn is_held(status: &VideoStatus) -> bool {
    status.privacy_status.as_deref() == Some(PRIVATE) && status.publish_at.is_some()
}

/// Y4 replaces whole parts: what is not sent is deleted, so the present parts are read, changed and written back.
pub async fn amend(
    youtube: &YouTube,
    session: &Session,
    remote: &RemoteHandle,
    submission: &Submission,
) -> Result<(), Problem> {
    let id = VideoReference::from_handle(remote)?.video_id;
    let query = [("part", "snippet,status"), ("id", id.as_str())];
    let (listing, _) = youtube.list::<Value>(session, "videos", &query).await?;
    let Some(video) = listing.items.into_iter().next() else {
        return Err(gone());
    };
    if video["status"]["privacyStatus"] == PUBLIC {
        return Err(already_public());
    }
    if !can_hold(&submission.content) {
        return Err(Problem::permanent(
            codes::CANNOT_AMEND,
            "YouTube publishes at a time only what is then public.",
        ));
    }
    let wanted = serde_json::to_value(upload::metadata(youtube, submission)?)
        .map_err(|error| Problem::bug("a request body").caused_by(&error))?;
    let mut snippet = wanted["snippet"].clone();
    // The one field of these parts that Daypart does not set.
    if let Some(language) = video["snippet"].get("defaultLanguage") {
        snippet["defaultLanguage"] = language.clone();
    }
    let body = json!({"id": id, "snippet": snippet, "status": wanted["status"]});
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .put(format!("{}/youtube/v3/videos", youtube.endpoints.api))
        .query(&[("part", "snippet,status")])
        .bearer_auth(token)
        .json(&body);
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() {
        Ok(())
    } else {
        Err(youtube.refused(&reply, &[token]))
    }
}

/// Deletes the video while it is private (Y5).
pub async fn withdraw(youtube: &YouTube, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
    let id = VideoReference::from_handle(remote)?.video_id;
    let Some(video) = youtube.video(session, &id).await? else {
        return Ok(());
    };
    let status = video
        .status
        .as_ref()
        .and_then(|status| status.privacy_status.as_deref());
    if status == Some(PUBLIC) {
        return Err(already_public());
    }
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .delete(format!("{}/youtube/v3/videos", youtube.endpoints.api))
        .query(&[("id", id.as_str())])
        .bearer_auth(token);
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() || reply.status == 404 {
        Ok(())
    } else {
        Err(youtube.refused(&reply, &[token]))
    }
}

fn already_public() -> Problem {
    Problem::permanent(codes::ALREADY_PUBLIC, "YouTube has already published this video.")
        .fix("Change or delete it at YouTube.")
}

fn gone() -> Problem {
    Problem::permanent(
        crate::codes::POST_UNKNOWN,
        "YouTube no longer knows this video: it was deleted there.",
    )
}
