//! What is added to a video once YouTube has it: thumbnail (Y6), captions (Y7), playlist (Y8). Each may be repeated and
//! none is part of the post.

use std::{path::Path, sync::Arc};

use daypart_domain::{
    extra,
    options::text,
    problem::{Problem, RetryClass, UserAction},
};
use daypart_ports::platform::{Live, Platform, Session, Submission};
use secrecy::ExposeSecret;

use super::{
    NAME, YouTube,
    capabilities::{DEFAULT_CAPTION_LANGUAGE, PLAYLIST_EXTRA, keys},
    confirm::is_processed,
    errors, playlists,
    upload::VideoReference,
    wire::{CaptionInsert, CaptionSnippet},
};
use crate::{
    codes,
    http::{Reply, Stakes},
    oauth,
    streaming::FileRange,
};

/// Which delay of the plan for reading back suits a video whose processing goes on.
const PROCESSING_POLL: u32 = 10;

/// The thumbnail first: it is what everybody sees.
pub fn wanted(submission: &Submission) -> Vec<&'static str> {
    let along = &submission.accompaniment;
    let playlist = text(&submission.content.options, keys::PLAYLIST);
    [
        along.cover.as_ref().map(|_| extra::COVER),
        along.captions.as_ref().map(|_| extra::CAPTIONS),
        playlist.map(|_| PLAYLIST_EXTRA),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub async fn add(
    youtube: &YouTube,
    session: &Session,
    live: Live<'_>,
    submission: &Submission,
    key: &str,
) -> Result<(), Problem> {
    let video_id = video_id(live)?;
    let options = &submission.content.options;
    let along = &submission.accompaniment;
    match key {
        extra::COVER => {
            let jpeg = along.cover.as_ref().and_then(|cover| cover.jpeg.as_deref());
            let jpeg = jpeg.ok_or_else(|| Problem::bug("a thumbnail without its picture"))?;
            set_thumbnail(youtube, session, &video_id, jpeg).await
        }
        extra::CAPTIONS => {
            let srt = along
                .captions
                .as_ref()
                .and_then(|captions| captions.srt.as_deref());
            let srt = srt.ok_or_else(|| Problem::bug("captions without their file"))?;
            let language = text(options, keys::CAPTION_LANGUAGE).unwrap_or(DEFAULT_CAPTION_LANGUAGE);
            insert_captions(youtube, session, &video_id, language, srt).await
        }
        PLAYLIST_EXTRA => match text(options, keys::PLAYLIST) {
            Some(playlist_id) => playlists::add(youtube, session, playlist_id, &video_id).await,
            None => Ok(()),
        },
        other => Err(Problem::bug(format!("YouTube knows no {other}"))),
    }
}

fn video_id(live: Live<'_>) -> Result<String, Problem> {
    if let Some(remote) = live.remote {
        return Ok(VideoReference::from_handle(remote)?.video_id);
    }
    let read_back = live.receipt.and_then(|receipt| receipt.remote_id.clone());
    read_back.ok_or_else(|| {
        Problem::needs_user(
            codes::POST_UNKNOWN,
            UserAction::CheckPlatform,
            "Daypart does not know which of the channel's videos this is.",
        )
        .fix("Add it at YouTube.")
    })
}

/// A repeat overwrites (§8).
async fn set_thumbnail(
    youtube: &YouTube,
    session: &Session,
    video_id: &str,
    jpeg: &Path,
) -> Result<(), Problem> {
    let size_bytes = tokio::fs::metadata(jpeg)
        .await
        .map_err(|error| Problem::bug("a prepared cover is gone").caused_by(&error))?
        .len();
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .post(format!(
            "{}/upload/youtube/v3/thumbnails/set",
            youtube.endpoints.api
        ))
        .query(&[("videoId", video_id), ("uploadType", "media")])
        .bearer_auth(token)
        .header("content-type", "image/jpeg");
    let body = FileRange {
        path: jpeg.to_owned(),
        offset: 0,
        length: size_bytes,
        file_bytes: size_bytes,
        sent: Arc::new(|_| {}),
        // A picture is small: no limit that was set for videos holds it up.
        pacing: Arc::new(daypart_ports::transfers::Unlimited),
    };
    let reply = youtube
        .http
        .upload(request, body)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() {
        return Ok(());
    }
    thumbnail_refused(youtube, session, video_id, youtube.refused(&reply, &[token])).await
}

async fn thumbnail_refused(
    youtube: &YouTube,
    session: &Session,
    video_id: &str,
    problem: Problem,
) -> Result<(), Problem> {
    let said = |told: Problem| match problem.platform_words.clone() {
        Some(words) => told.words(words),
        None => told,
    };
    Err(match errors::reason(&problem) {
        "forbidden" => said(
            Problem::needs_user(
                codes::EXTRA_REFUSED,
                UserAction::CheckPlatform,
                "YouTube lets only verified channels set a thumbnail of their own.",
            )
            .fix("Verify the channel by phone at youtube.com/verify, then try again."),
        ),
        "invalidImage" | "imageFormatUnsupported" | "imageTooTall" | "imageTooWide" | "mediaBodyRequired" => {
            said(
                Problem::needs_user(
                    codes::EXTRA_REFUSED,
                    UserAction::EditPost,
                    "YouTube does not take this picture as a thumbnail.",
                )
                .fix("Choose another cover."),
            )
        }
        // A Short takes one only once it is processed (§3, Y6); anything else that is said so is the picture's fault.
        "failedPrecondition" => match youtube.video(session, video_id).await? {
            Some(video) if !is_processed(&video) => {
                match video.status.as_ref().and_then(errors::lost_video) {
                    Some(lost) => lost,
                    None => said(still_processing(youtube)),
                }
            }
            _ => said(
                Problem::needs_user(
                    codes::EXTRA_REFUSED,
                    UserAction::EditPost,
                    "YouTube does not take this picture as a thumbnail.",
                )
                .fix("Choose another cover."),
            ),
        },
        _ => not_there_yet(problem),
    })
}

fn still_processing(youtube: &YouTube) -> Problem {
    let delay = youtube.capabilities().confirm_polls.delay(PROCESSING_POLL);
    let until = oauth::after(youtube.clock.now(), delay.as_secs());
    Problem::new(
        codes::EXTRA_TOO_EARLY,
        RetryClass::RateLimited { until },
        "YouTube takes the thumbnail of a Short once it has processed the video.",
    )
}

/// A track of this language that is there already is ours, or one the user made: either way it is not sent again.
async fn insert_captions(
    youtube: &YouTube,
    session: &Session,
    video_id: &str,
    language: &str,
    srt: &Path,
) -> Result<(), Problem> {
    let captions = tokio::fs::read(srt)
        .await
        .map_err(|error| Problem::bug("prepared captions are gone").caused_by(&error))?;
    let about = CaptionInsert {
        snippet: CaptionSnippet {
            video_id,
            language,
            name: "",
            is_draft: false,
        },
    };
    let about =
        serde_json::to_vec(&about).map_err(|error| Problem::bug("a request body").caused_by(&error))?;
    let (content_type, body) = multipart_related(&about, &captions);
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .post(format!("{}/upload/youtube/v3/captions", youtube.endpoints.api))
        .query(&[("part", "snippet"), ("uploadType", "multipart")])
        .bearer_auth(token)
        .header("content-type", content_type)
        .body(body);
    let reply: Reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() {
        return Ok(());
    }
    let problem = youtube.refused(&reply, &[token]);
    match errors::reason(&problem) {
        "captionExists" => Ok(()),
        "contentRequired" | "invalidMetadata" | "nameTooLong" => {
            let told = Problem::needs_user(
                codes::EXTRA_REFUSED,
                UserAction::EditPost,
                "YouTube does not take these captions.",
            )
            .fix("Upload them at YouTube, or correct the file.");
            Err(match problem.platform_words {
                Some(words) => told.words(words),
                None => told,
            })
        }
        _ => Err(not_there_yet(problem)),
    }
}

/// Right after an upload not all of YouTube knows the video (§3, Y8).
pub fn not_there_yet(problem: Problem) -> Problem {
    if errors::reason(&problem) != "videoNotFound" {
        return problem;
    }
    Problem {
        retry: RetryClass::Transient,
        message: "YouTube does not find the video yet.".into(),
        ..problem
    }
}

/// RFC 2387: the JSON, then the file. Gives the content type, too.
fn multipart_related(about: &[u8], file: &[u8]) -> (String, Vec<u8>) {
    let mut boundary = "daypart".to_owned();
    while occurs(boundary.as_bytes(), file) || occurs(boundary.as_bytes(), about) {
        boundary.push('x');
    }
    let mut body = Vec::new();
    for (kind, part) in [
        ("application/json; charset=UTF-8", about),
        ("application/octet-stream", file),
    ] {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Type: {kind}\r\n\r\n").as_bytes());
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/related; boundary={boundary}"), body)
}

fn occurs(word: &[u8], text: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_caption_can_end_its_part() {
        let (kind, body) = multipart_related(b"{}", b"a\r\n--daypart--\r\nb daypartx");
        assert_eq!(kind, "multipart/related; boundary=daypartxx");
        let body = String::from_utf8(body).unwrap();
        assert_eq!(body.matches("--daypartxx").count(), 3);
        assert!(body.ends_with("b daypartx\r\n--daypartxx--\r\n"), "{body}");
    }
}
