//! The channel's playlists: which there are (Y13), and putting a video into one (Y8, Y10).

use std::collections::BTreeMap;

use daypart_domain::problem::{Problem, UserAction};
use daypart_ports::platform::Session;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    NAME, YouTube,
    capabilities::keys,
    errors, extras,
    wire::{Playlist, PlaylistEntry},
};
use crate::{codes, http::Stakes};

/// Pages of fifty: more playlists than anybody chooses from, and as many entries as a playlist holds.
const PLAYLIST_PAGES_MAX: u32 = 4;
const ENTRY_PAGES_MAX: u32 = 100;

/// What the composer offers. A list that cannot be read now offers nothing and judges nothing: no post waits for it.
pub async fn choices(youtube: &YouTube, session: &Session) -> BTreeMap<String, Vec<(String, String)>> {
    let Ok(own) = own(youtube, session).await else {
        return BTreeMap::new();
    };
    let mut offered = vec![(String::new(), "No playlist".to_owned())];
    offered.extend(own.into_iter().map(|playlist| {
        let title = playlist.snippet.map(|snippet| snippet.title);
        let label = title
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| playlist.id.clone());
        (playlist.id, label)
    }));
    BTreeMap::from([(keys::PLAYLIST.to_owned(), offered)])
}

async fn own(youtube: &YouTube, session: &Session) -> Result<Vec<Playlist>, Problem> {
    let mut found = Vec::new();
    let mut page = String::new();
    for _ in 0..PLAYLIST_PAGES_MAX {
        let mut query = vec![("part", "snippet,status"), ("mine", "true"), ("maxResults", "50")];
        if !page.is_empty() {
            query.push(("pageToken", &page));
        }
        let (listing, _) = youtube.list::<Playlist>(session, "playlists", &query).await?;
        found.extend(listing.items);
        match listing.next_page_token {
            Some(next) => page = next,
            None => break,
        }
    }
    Ok(found)
}

/// Adding is not idempotent (§8), so the playlist is read first.
pub async fn add(
    youtube: &YouTube,
    session: &Session,
    playlist_id: &str,
    video_id: &str,
) -> Result<(), Problem> {
    if holds(youtube, session, playlist_id, video_id).await? {
        return Ok(());
    }
    let token = session.access_token.expose_secret();
    let resource = json!({"kind": "youtube#video", "videoId": video_id});
    let request = youtube
        .http
        .post(format!("{}/youtube/v3/playlistItems", youtube.endpoints.api))
        .query(&[("part", "snippet")])
        .bearer_auth(token)
        .json(&json!({"snippet": {"playlistId": playlist_id, "resourceId": resource}}));
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() {
        return Ok(());
    }
    Err(refusal(youtube.refused(&reply, &[token])))
}

async fn holds(
    youtube: &YouTube,
    session: &Session,
    playlist_id: &str,
    video_id: &str,
) -> Result<bool, Problem> {
    let mut page = String::new();
    for _ in 0..ENTRY_PAGES_MAX {
        let mut query = vec![
            ("part", "contentDetails"),
            ("playlistId", playlist_id),
            // Shortens the answer to this video's entries; without it every page is read.
            ("videoId", video_id),
            ("maxResults", "50"),
        ];
        if !page.is_empty() {
            query.push(("pageToken", &page));
        }
        let (listing, _) = youtube
            .list::<PlaylistEntry>(session, "playlistItems", &query)
            .await
            .map_err(refusal)?;
        if listing
            .items
            .iter()
            .any(|entry| entry.content_details.video_id == video_id)
        {
            return Ok(true);
        }
        match listing.next_page_token {
            Some(next) => page = next,
            None => break,
        }
    }
    Ok(false)
}

fn refusal(problem: Problem) -> Problem {
    let choose_again = |sentence: &str| {
        Problem::needs_user(codes::EXTRA_REFUSED, UserAction::CheckPlatform, sentence)
            .fix("Put the video into a playlist at YouTube.")
    };
    let told = match errors::reason(&problem) {
        "playlistNotFound" => choose_again("The playlist is no longer there."),
        "playlistContainsMaximumNumberOfVideos" => choose_again("The playlist is full."),
        "playlistItemsNotAccessible"
        | "playlistOperationUnsupported"
        | "manualSortRequired"
        | "invalidPlaylistItemPosition" => {
            choose_again("YouTube does not let apps put videos into this playlist.")
        }
        _ => return extras::not_there_yet(problem),
    };
    match problem.platform_words {
        Some(words) => told.words(words),
        None => told,
    }
}
