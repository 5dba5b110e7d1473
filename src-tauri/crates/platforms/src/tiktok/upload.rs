//! Upload (§4): creator check and init, chunks, and where an upload stands.

use daypart_domain::{
    chunk_plan::{Chunk, ChunkPlan},
    options::{text, toggle},
    problem::{PlatformWords, Problem, RetryClass, UserAction, codes as common},
    publication::RemoteHandle,
};
use daypart_ports::platform::{ChunkSource, Platform, Session, Submission, UploadHandle, UploadProgress};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    NAME, TikTok,
    capabilities::{CAPTION_FIELD, keys},
    creator, errors,
    wire::{CreatorInfo, PostInfo, PostStatus, SourceInfo, StatusFetch, VideoInit, VideoInitData},
};
use crate::{
    codes,
    http::{Reply, Stakes},
    oauth,
    redaction::redact_known,
    streaming::FileRange,
};

/// An upload address lives this long after init (§4.2).
const UPLOAD_URL_S: u64 = 3600;

/// How TikTok finds a post again; public part of an upload and the remote handle alike.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostReference {
    pub publish_id: String,
    /// For the link; as the creator call named it.
    pub username: String,
    /// As asked for.
    pub privacy_level: String,
    /// When TikTok acknowledged the last byte, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
}

impl PostReference {
    pub fn from_json(value: &serde_json::Value) -> Result<Self, Problem> {
        Self::deserialize(value).map_err(|error| Problem::bug("a kept TikTok reference").caused_by(&error))
    }

    pub fn to_handle(&self) -> RemoteHandle {
        RemoteHandle(serde_json::to_value(self).unwrap_or_default())
    }
}

pub async fn begin(
    tiktok: &TikTok,
    session: &Session,
    submission: &Submission,
    now: Timestamp,
) -> Result<UploadHandle, Problem> {
    let plan =
        ChunkPlan::new(tiktok.capabilities().chunk_rule, submission.media.size_bytes).ok_or_else(|| {
            Problem::needs_user(
                codes::FILE_REFUSED,
                UserAction::ReplaceFile,
                "An empty file cannot be posted.",
            )
        })?;
    let creator = creator::creator_info(tiktok, session).await?;
    let privacy_level = still_allowed(&creator, submission)?;
    let options = &submission.content.options;
    let own = submission.content.text.get(CAPTION_FIELD);
    let disclosed = toggle(options, keys::DISCLOSE_COMMERCIAL);
    let body = VideoInit {
        post_info: PostInfo {
            privacy_level,
            title: own.unwrap_or(&submission.caption),
            disable_duet: !toggle(options, keys::ALLOW_DUET),
            disable_stitch: !toggle(options, keys::ALLOW_STITCH),
            disable_comment: !toggle(options, keys::ALLOW_COMMENT),
            brand_content_toggle: disclosed && toggle(options, keys::BRANDED_CONTENT),
            brand_organic_toggle: disclosed && toggle(options, keys::YOUR_BRAND),
            is_aigc: toggle(options, keys::AI_GENERATED),
            video_cover_timestamp_ms: cover_at_ms(submission),
        },
        source_info: SourceInfo {
            source: "FILE_UPLOAD",
            video_size: plan.size_bytes,
            chunk_size: plan.chunk_bytes,
            total_chunk_count: plan.chunk_count,
        },
    };
    // A lost answer leaves an upload nobody sends to: no bytes, no post (§8).
    let opened: VideoInitData = tiktok.api(session, "/v2/post/publish/video/init/", &body).await?;
    tiktok.endpoints.upload_hosts.check(NAME, &opened.upload_url)?;
    let reference = PostReference {
        publish_id: opened.publish_id,
        username: creator.creator_username.clone(),
        privacy_level: privacy_level.to_owned(),
        received_at: None,
    };
    Ok(UploadHandle {
        public: reference.to_handle().0,
        secret: SecretString::from(opened.upload_url),
        plan,
        expires_at: Some(oauth::after(now, UPLOAD_URL_S)),
    })
}

/// In the video as it is sent, and never beyond its last frame.
fn cover_at_ms(submission: &Submission) -> Option<i32> {
    let at_ms = submission.accompaniment.cover.as_ref()?.at_ms?;
    i32::try_from(at_ms.min(submission.media.duration_ms.saturating_sub(1))).ok()
}

/// The stored choices against what the account offers now. Nothing is substituted: the user is asked (§9).
fn still_allowed<'a>(creator: &CreatorInfo, submission: &'a Submission) -> Result<&'a str, Problem> {
    let options = &submission.content.options;
    let Some(chosen) = text(options, keys::PRIVACY_LEVEL) else {
        return Err(Problem::needs_user(
            codes::OPTION_MISSING,
            UserAction::EditPost,
            "TikTok needs to know who can view this video.",
        )
        .fix("Choose the visibility in the composer."));
    };
    let not_offered = |message: &str| {
        Problem::needs_user(codes::OPTION_UNAVAILABLE, UserAction::EditPost, message)
            .fix("Choose again in the composer.")
    };
    if !creator.privacy_level_options.iter().any(|level| level == chosen) {
        return Err(not_offered(
            "TikTok no longer offers the chosen visibility to this account.",
        ));
    }
    for (key, disabled, what) in [
        (keys::ALLOW_COMMENT, creator.comment_disabled, "comments"),
        (keys::ALLOW_DUET, creator.duet_disabled, "Duet"),
        (keys::ALLOW_STITCH, creator.stitch_disabled, "Stitch"),
    ] {
        if disabled && toggle(options, key) {
            return Err(not_offered(&format!(
                "The TikTok account no longer allows {what}."
            )));
        }
    }
    if let Some(seconds) = creator.max_video_post_duration_sec
        && submission.media.duration_ms > seconds.saturating_mul(1000)
    {
        return Err(Problem::needs_user(
            codes::VIDEO_TOO_LONG,
            UserAction::ReplaceFile,
            format!("The video is longer than the {seconds} s this TikTok account may post."),
        )
        .fix("Trim the video."));
    }
    Ok(chosen)
}

pub async fn fetch_status(
    tiktok: &TikTok,
    session: &Session,
    publish_id: &str,
) -> Result<PostStatus, Problem> {
    tiktok
        .api(
            session,
            "/v2/post/publish/status/fetch/",
            &StatusFetch { publish_id },
        )
        .await
}

pub async fn progress(
    tiktok: &TikTok,
    session: &Session,
    upload: &UploadHandle,
) -> Result<UploadProgress, Problem> {
    let reference = PostReference::from_json(&upload.public)?;
    let status = match fetch_status(tiktok, session, &reference.publish_id).await {
        Ok(status) => status,
        Err(problem) if is_unknown_publish_id(&problem) => return Ok(UploadProgress::Gone),
        Err(problem) => return Err(problem),
    };
    let now = tiktok.clock.now();
    match status.status.as_str() {
        "PROCESSING_UPLOAD" => {
            let stored_bytes = snap(&upload.plan, status.uploaded_bytes.unwrap_or_default());
            if stored_bytes >= upload.plan.size_bytes {
                Ok(UploadProgress::Complete(reference.to_handle()))
            } else if upload.expires_at.is_some_and(|expires_at| expires_at <= now) {
                Ok(UploadProgress::Gone)
            } else {
                Ok(UploadProgress::Stored { stored_bytes })
            }
        }
        "FAILED" => match status.fail_reason.as_deref().unwrap_or_default() {
            // Documented as: start over (§6).
            "internal" => Ok(UploadProgress::Gone),
            reason => Err(errors::fail_reason(reason, now)),
        },
        // PUBLISH_COMPLETE, and SEND_TO_USER_INBOX, which reading back explains.
        _ => Ok(UploadProgress::Complete(reference.to_handle())),
    }
}

pub fn is_unknown_publish_id(problem: &Problem) -> bool {
    let code = problem
        .platform_words
        .as_ref()
        .and_then(|words| words.code.as_deref());
    code == Some("invalid_publish_id")
}

pub async fn send_chunk(
    tiktok: &TikTok,
    session: &Session,
    upload: &UploadHandle,
    source: ChunkSource,
) -> Result<UploadProgress, Problem> {
    let reference = PostReference::from_json(&upload.public)?;
    let address = tiktok
        .endpoints
        .upload_hosts
        .check(NAME, upload.secret.expose_secret())?;
    let size_bytes = upload.plan.size_bytes;
    let chunk = source.chunk;
    let last = chunk.offset + chunk.length - 1;
    let request = tiktok
        .http
        .put(address)
        .header("content-type", source.mime)
        .header(
            "content-range",
            format!("bytes {}-{last}/{size_bytes}", chunk.offset),
        );
    let range = FileRange::of(&source, size_bytes);
    let stakes = if chunk.is_last {
        Stakes::Irreversible
    } else {
        Stakes::Repeatable
    };
    let reply = tiktok
        .http
        .upload(request, range)
        .await
        .map_err(|fault| fault.into_problem(NAME, stakes))?;
    match reply.status {
        200 | 201 if chunk.is_last => {
            let received_at = Some(reply.date().unwrap_or_else(|| tiktok.clock.now()));
            Ok(UploadProgress::Complete(
                PostReference {
                    received_at,
                    ..reference
                }
                .to_handle(),
            ))
        }
        200 | 201 | 206 => Ok(UploadProgress::Stored {
            stored_bytes: acknowledged(&reply, &upload.plan).unwrap_or(last + 1),
        }),
        403 | 404 if chunk.is_last => gone_at_the_end(tiktok, session, upload).await,
        403 | 404 => Ok(UploadProgress::Gone),
        416 => out_of_step(tiktok, session, upload, chunk, words(&reply, upload)).await,
        _ => Err(chunk_problem(tiktok, chunk, words(&reply, upload))),
    }
}

/// The address is closed to the last chunk: either it ran out, or an earlier copy of the chunk finished the upload.
async fn gone_at_the_end(
    tiktok: &TikTok,
    session: &Session,
    upload: &UploadHandle,
) -> Result<UploadProgress, Problem> {
    match progress(tiktok, session, upload).await {
        Ok(UploadProgress::Stored { .. }) => Ok(UploadProgress::Gone),
        Err(problem) => Err(Problem {
            retry: RetryClass::InDoubt,
            ..problem
        }),
        outcome => outcome,
    }
}

/// Refused because the range is not the next one: ask what is (§4.3).
async fn out_of_step(
    tiktok: &TikTok,
    session: &Session,
    upload: &UploadHandle,
    chunk: Chunk,
    words: PlatformWords,
) -> Result<UploadProgress, Problem> {
    match progress(tiktok, session, upload).await {
        // It refuses the very chunk it asks for.
        Ok(UploadProgress::Stored { stored_bytes }) if stored_bytes == chunk.offset => {
            Err(Problem::transient(
                codes::UPLOAD_OUT_OF_STEP,
                "TikTok and Daypart disagree about how much has arrived.",
            )
            .words(words))
        }
        // The last chunk may be in; without a reading that is a doubt.
        Err(problem) if chunk.is_last => Err(Problem {
            retry: RetryClass::InDoubt,
            ..problem
        }),
        outcome => outcome,
    }
}

fn chunk_problem(tiktok: &TikTok, chunk: Chunk, words: PlatformWords) -> Problem {
    let status = words.http_status.unwrap_or_default();
    let problem = match status {
        // A gateway may answer so after TikTok took the last byte.
        500.. | 408 if chunk.is_last => Problem::in_doubt(
            codes::PLATFORM_UNAVAILABLE,
            "TikTok had trouble with the last part of the video; it may have the post.",
        )
        .fix("Daypart looks at TikTok before it does anything else."),
        500.. | 408 => oauth::unavailable(NAME),
        429 => Problem::new(
            codes::QUOTA_RATE,
            RetryClass::RateLimited {
                until: oauth::after(tiktok.clock.now(), 30),
            },
            "TikTok asks to go slower.",
        ),
        401 => oauth::expired(NAME),
        400 => Problem::new(
            common::BUG,
            RetryClass::Bug,
            "TikTok did not understand the upload.",
        )
        .fix("Please report this with the log of the post."),
        _ if chunk.is_last => Problem::in_doubt(
            codes::PLATFORM_UNEXPECTED,
            "TikTok answered the last part of the video in an unknown way; it may have the post.",
        ),
        _ => Problem::permanent(codes::PLATFORM_UNEXPECTED, "TikTok refused the upload."),
    };
    problem.words(words)
}

fn words(reply: &Reply, upload: &UploadHandle) -> PlatformWords {
    let body = String::from_utf8_lossy(reply.bytes());
    PlatformWords {
        http_status: Some(reply.status),
        code: None,
        message: Some(redact_known(&body, &[upload.secret.expose_secret()])).filter(|text| !text.is_empty()),
        request_id: reply.header("x-tt-logid").map(str::to_owned),
    }
}

/// The end of `Content-Range: bytes 0-{n}/{size}`, as a chunk edge.
fn acknowledged(reply: &Reply, plan: &ChunkPlan) -> Option<u64> {
    let range = reply.header("content-range")?.strip_prefix("bytes")?.trim_start();
    let (_, end) = range.split('/').next()?.split_once('-')?;
    Some(snap(plan, end.trim().parse().ok()?))
}

/// TikTok's numbers may be a count or the index of the last byte; edges are known, so both are read as an edge.
pub fn snap(plan: &ChunkPlan, reported: u64) -> u64 {
    plan.edge_at_or_before(reported.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypart_domain::chunk_plan::ChunkRule;

    #[test]
    fn counts_and_last_indexes_are_both_read_as_the_edge_they_mean() {
        let rule = ChunkRule::FloorWithLongTail {
            single_max_bytes: 64_000_000,
            chunk_bytes: 10_000_000,
        };
        let plan = ChunkPlan::new(rule, 70_000_000).unwrap();
        for (reported, edge) in [
            (0, 0),
            (9_999_999, 10_000_000),
            (10_000_000, 10_000_000),
            (10_500_000, 10_000_000),
            (69_999_999, 70_000_000),
            (70_000_000, 70_000_000),
        ] {
            assert_eq!(snap(&plan, reported), edge, "{reported}");
        }
    }
}
