//! Resumable upload (§4): start, chunks, and the query that tells where it stands.

use daypart_domain::{
    chunk_plan::{Chunk, ChunkPlan},
    options::{tags, text, toggle, toggle_or},
    problem::{Problem, RetryClass, UserAction},
    publication::RemoteHandle,
};
use daypart_ports::platform::{ChunkSource, Platform, Session, Submission, UploadHandle, UploadProgress};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    NAME, YouTube,
    capabilities::{DEFAULT_CATEGORY, DEFAULT_LICENSE, DESCRIPTION_FIELD, TITLE_FIELD, keys},
    errors, held,
    wire::{InsertSnippet, InsertStatus, Video, VideoInsert},
};
use crate::{
    codes,
    http::{Reply, Stakes},
    streaming::FileRange,
};

/// How YouTube finds a video again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VideoReference {
    pub video_id: String,
    /// As asked for; compared with what is read back.
    pub visibility: String,
    /// When YouTube was to publish it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
}

impl VideoReference {
    pub fn from_handle(handle: &RemoteHandle) -> Result<Self, Problem> {
        Self::deserialize(&handle.0)
            .map_err(|error| Problem::bug("a kept YouTube reference").caused_by(&error))
    }

    pub fn to_handle(&self) -> RemoteHandle {
        RemoteHandle(serde_json::to_value(self).unwrap_or_default())
    }
}

/// What an upload was begun with; all that is public of it.
#[derive(Serialize, Deserialize)]
pub struct Begun {
    #[serde(default)]
    visibility: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
}

impl Begun {
    pub fn of(upload: &UploadHandle) -> Self {
        Self::deserialize(&upload.public).unwrap_or(Self {
            visibility: String::new(),
            publish_at: None,
        })
    }
}

pub async fn begin(
    youtube: &YouTube,
    session: &Session,
    submission: &Submission,
) -> Result<UploadHandle, Problem> {
    let capabilities = youtube.capabilities();
    let plan = ChunkPlan::new(capabilities.chunk_rule, submission.media.size_bytes).ok_or_else(|| {
        Problem::needs_user(
            codes::FILE_REFUSED,
            UserAction::ReplaceFile,
            "An empty file cannot be posted.",
        )
    })?;
    let body = metadata(youtube, submission)?;
    let begun = Begun {
        visibility: wanted_visibility(submission).unwrap_or_default().to_owned(),
        publish_at: submission.publish_at,
    };
    let body = serde_json::to_vec(&body).map_err(|error| Problem::bug("a request body").caused_by(&error))?;
    let notify = toggle_or(&submission.content.options, keys::NOTIFY_SUBSCRIBERS, true);
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .post(format!("{}/upload/youtube/v3/videos", youtube.endpoints.api))
        .query(&[
            ("uploadType", "resumable"),
            ("part", "snippet,status"),
            ("notifySubscribers", if notify { "true" } else { "false" }),
        ])
        .bearer_auth(token)
        .header("content-type", "application/json; charset=UTF-8")
        .header("x-upload-content-length", plan.size_bytes)
        .header("x-upload-content-type", submission.media.mime)
        .body(body);
    // A lost answer leaves an upload nobody sends to: no last byte, no video (§8).
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if !reply.is_success() {
        return Err(youtube.refused(&reply, &[token]));
    }
    let Some(address) = reply.header("location") else {
        return Err(Problem::transient(
            codes::PLATFORM_UNEXPECTED,
            "YouTube named no address for the upload.",
        )
        .words(errors::words(&reply, &[token])));
    };
    youtube.endpoints.upload_hosts.check(NAME, address)?;
    Ok(UploadHandle {
        public: serde_json::to_value(begun)
            .map_err(|error| Problem::bug("an upload reference").caused_by(&error))?,
        secret: SecretString::from(address),
        plan,
        expires_at: None,
    })
}

fn wanted_visibility(submission: &Submission) -> Option<&str> {
    text(&submission.content.options, keys::VISIBILITY)
}

/// What Y1 and Y4 say about the video.
pub fn metadata<'a>(youtube: &'a YouTube, submission: &'a Submission) -> Result<VideoInsert<'a>, Problem> {
    let options = &submission.content.options;
    let missing = |message: &str| {
        Problem::needs_user(codes::OPTION_MISSING, UserAction::EditPost, message)
            .fix("Choose it in the composer.")
    };
    let visibility = wanted_visibility(submission)
        .ok_or_else(|| missing("YouTube needs to know who can watch the video."))?;
    let made_for_kids = text(options, keys::MADE_FOR_KIDS)
        .ok_or_else(|| missing("YouTube needs to know whether the video is made for kids."))?;
    let field = |name: &str| {
        let own = submission.content.text.get(name).map(String::as_str);
        let rule = youtube
            .capabilities()
            .text_rules
            .iter()
            .find(|rule| rule.field == name);
        rule.map_or("", |rule| rule.resolve(own, &submission.caption))
    };
    Ok(VideoInsert {
        snippet: InsertSnippet {
            title: field(TITLE_FIELD),
            description: field(DESCRIPTION_FIELD),
            tags: tags(options, keys::TAGS),
            category_id: text(options, keys::CATEGORY).unwrap_or(DEFAULT_CATEGORY),
        },
        status: InsertStatus {
            // Only a private video can be held (§9); it becomes public by itself.
            privacy_status: submission.publish_at.map_or(visibility, |_| held::PRIVATE),
            publish_at: submission.publish_at,
            license: text(options, keys::LICENSE).unwrap_or(DEFAULT_LICENSE),
            embeddable: toggle_or(options, keys::EMBEDDABLE, true),
            public_stats_viewable: toggle_or(options, keys::PUBLIC_STATS, true),
            self_declared_made_for_kids: made_for_kids == "yes",
            contains_synthetic_media: toggle(options, keys::SYNTHETIC_MEDIA),
        },
    })
}

pub async fn progress(
    youtube: &YouTube,
    session: &Session,
    upload: &UploadHandle,
) -> Result<UploadProgress, Problem> {
    let secret = upload.secret.expose_secret();
    let address = youtube.endpoints.upload_hosts.check(NAME, secret)?;
    let token = session.access_token.expose_secret();
    let request = youtube
        .http
        .put(address)
        .bearer_auth(token)
        .header("content-length", 0)
        .header("content-range", format!("bytes */{}", upload.plan.size_bytes));
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    match read(&reply, upload) {
        Some(Ok(progress)) => Ok(progress),
        // Asking again is harmless here.
        Some(Err(problem)) => Err(Problem {
            retry: RetryClass::Transient,
            ..problem
        }),
        None => Err(youtube.refused(&reply, &[token, secret])),
    }
}

pub async fn send_chunk(
    youtube: &YouTube,
    session: &Session,
    upload: &UploadHandle,
    source: ChunkSource,
) -> Result<UploadProgress, Problem> {
    let secret = upload.secret.expose_secret();
    let address = youtube.endpoints.upload_hosts.check(NAME, secret)?;
    let token = session.access_token.expose_secret();
    let size_bytes = upload.plan.size_bytes;
    let chunk = source.chunk;
    let last = chunk.offset + chunk.length - 1;
    let request = youtube
        .http
        .put(address)
        .bearer_auth(token)
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
    let reply = youtube
        .http
        .upload(request, range)
        .await
        .map_err(|fault| fault.into_problem(NAME, stakes))?;
    match read(&reply, upload) {
        Some(outcome) => outcome,
        None => Err(chunk_problem(chunk, youtube.refused(&reply, &[token, secret]))),
    }
}

/// The answers that say where the upload stands; `None` for every refusal. 308 is no redirect here.
fn read(reply: &Reply, upload: &UploadHandle) -> Option<Result<UploadProgress, Problem>> {
    match reply.status {
        200 | 201 => Some(match reply.json::<Video>() {
            Some(video) => {
                let Begun {
                    visibility,
                    publish_at,
                } = Begun::of(upload);
                let video_id = video.id;
                Ok(UploadProgress::Complete(
                    VideoReference {
                        video_id,
                        visibility,
                        publish_at,
                    }
                    .to_handle(),
                ))
            }
            // The video exists, but which one it is has to be asked.
            None => Err(Problem::in_doubt(
                codes::ANSWER_LOST,
                "YouTube took the video, but its answer could not be read.",
            )
            .fix("Daypart looks at YouTube before it does anything else.")),
        }),
        308 => Some(Ok(UploadProgress::Stored {
            stored_bytes: stored_bytes(reply.header("range")),
        })),
        404 | 410 => Some(Ok(UploadProgress::Gone)),
        _ => None,
    }
}

/// `bytes=0-{n}` or `0-{n}`; none means that nothing is stored (§4).
fn stored_bytes(range: Option<&str>) -> u64 {
    let last = range.and_then(|range| {
        let range = range.trim();
        let (first, last) = range.strip_prefix("bytes=").unwrap_or(range).split_once('-')?;
        let starts = first.trim() == "0";
        last.trim().parse::<u64>().ok().filter(|_| starts)
    });
    last.map_or(0, |last| last.saturating_add(1))
}

/// A refusal proves that nothing happened, unless it comes from a gateway after the last byte.
fn chunk_problem(chunk: Chunk, problem: Problem) -> Problem {
    let status = problem
        .platform_words
        .as_ref()
        .and_then(|words| words.http_status);
    let gateway = matches!(status, Some(408 | 500..) | Some(300..=399));
    if chunk.is_last && gateway {
        return Problem {
            retry: RetryClass::InDoubt,
            message: "YouTube had trouble with the last part of the video; it may have it.".into(),
            ..problem
        };
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_range_is_read_with_and_without_its_prefix() {
        for (range, stored) in [
            (Some("bytes=0-8388607"), 8_388_608),
            (Some("0-99"), 100),
            (Some("bytes=0-0"), 1),
            (None, 0),
            (Some("bytes=5-9"), 0),
            (Some("nonsense"), 0),
        ] {
            assert_eq!(stored_bytes(range), stored, "{range:?}");
        }
    }
}
