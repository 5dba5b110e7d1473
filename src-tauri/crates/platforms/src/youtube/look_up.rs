//! Looking for a video after an unclear answer (§8): ask the upload itself, then the channel's own uploads.

use daypart_domain::{problem::Problem, reconcile::Sighting};
use daypart_ports::platform::{SearchEvidence, Session, UploadProgress};
use jiff::{SignedDuration, Timestamp};

use super::{
    YouTube,
    capabilities::{TITLE_FIELD, keys},
    channel::own_channel,
    confirm::{is_processed, receipt},
    errors, held,
    upload::{self, Begun, VideoReference},
    wire::{PlaylistEntry, Video},
};

/// Left of the clocks' difference once it is measured: answers take time, times are whole seconds.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(30);
/// Containers round; YouTube measures for itself.
const DURATION_SLACK_MS: u64 = 1500;

pub async fn look_for(
    youtube: &YouTube,
    session: &Session,
    evidence: &SearchEvidence,
) -> Result<Sighting, Problem> {
    if let Some(remote) = &evidence.remote {
        let reference = VideoReference::from_handle(remote)?;
        return Ok(match youtube.video(session, &reference.video_id).await? {
            Some(video) => seen(youtube, &reference, &video),
            None => Sighting::NotSeen,
        });
    }
    if let Some(upload) = &evidence.upload {
        match upload::progress(youtube, session, upload).await? {
            UploadProgress::Stored { stored_bytes } => return Ok(Sighting::UploadOpen { stored_bytes }),
            UploadProgress::Complete(remote) => {
                let is_held = Begun::of(upload)
                    .publish_at
                    .is_some_and(|at| at > youtube.clock.now());
                return Ok(if is_held {
                    Sighting::Held(remote)
                } else {
                    Sighting::Processing(remote)
                });
            }
            UploadProgress::Gone => {}
        }
    }
    scan(youtube, session, evidence).await
}

fn seen(youtube: &YouTube, reference: &VideoReference, video: &Video) -> Sighting {
    if let Some(problem) = video.status.as_ref().and_then(errors::lost_video) {
        return Sighting::Refused(problem);
    }
    if video.status.as_ref().is_some_and(held::is_held) {
        Sighting::Held(reference.to_handle())
    } else if is_processed(video) {
        Sighting::Published(receipt(youtube, video))
    } else {
        Sighting::Processing(reference.to_handle())
    }
}

/// The newest uploads of the channel. Never `search.list`: it lags and misses what is not public.
async fn scan(youtube: &YouTube, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
    let channel = own_channel(youtube, session).await?;
    let Some(uploads) = channel
        .content_details
        .and_then(|content| content.related_playlists.uploads)
    else {
        return Ok(Sighting::NotSeen);
    };
    let query = [
        ("part", "snippet,contentDetails,status"),
        ("playlistId", uploads.as_str()),
        ("maxResults", "50"),
    ];
    let (entries, reply) = youtube
        .list::<PlaylistEntry>(session, "playlistItems", &query)
        .await?;
    if entries.items.is_empty() {
        return Ok(Sighting::NotSeen);
    }
    let ids: Vec<String> = entries
        .items
        .into_iter()
        .map(|entry| entry.content_details.video_id)
        .collect();
    let ids = ids.join(",");
    let query = [
        ("part", "snippet,status,fileDetails,contentDetails"),
        ("id", ids.as_str()),
    ];
    let (videos, _) = youtube.list::<Video>(session, "videos", &query).await?;
    // Google's clock, not ours, stamped the videos.
    let clock_difference = reply.date().map_or(SignedDuration::ZERO, |date| {
        date.duration_since(youtube.clock.now())
    });
    let earliest = evidence
        .attempted_at
        .saturating_add(clock_difference)
        .and_then(|at| at.saturating_sub(CLOCK_SLACK))
        .unwrap_or(Timestamp::MIN);
    let mut matching: Vec<Video> = videos
        .items
        .into_iter()
        .filter(|video| is_ours(video, evidence, earliest))
        .collect();
    let title = wanted_title(evidence);
    // The same file may have been posted twice on purpose; the title tells them apart.
    let by_title = matching.iter().position(|video| {
        video
            .snippet
            .as_ref()
            .is_some_and(|snippet| snippet.title == title)
    });
    let found = match by_title {
        Some(index) => Some(matching.swap_remove(index)),
        None => matching.pop(),
    };
    Ok(found.map_or(Sighting::NotSeen, |video| {
        let visibility =
            daypart_domain::options::text(&evidence.submission.content.options, keys::VISIBILITY);
        let reference = VideoReference {
            video_id: video.id.clone(),
            visibility: visibility.unwrap_or_default().to_owned(),
            publish_at: evidence.submission.publish_at,
        };
        seen(youtube, &reference, &video)
    }))
}

/// Same number of bytes, same duration, and not older than the attempt.
fn is_ours(video: &Video, evidence: &SearchEvidence, earliest: Timestamp) -> bool {
    let media = &evidence.submission.media;
    let uploaded_at = video.snippet.as_ref().and_then(|snippet| snippet.published_at);
    let Some(file) = &video.file_details else {
        return false;
    };
    let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<u64>().ok());
    let same_size = number(&file.file_size) == Some(media.size_bytes);
    // Not known while YouTube is still measuring; the size in bytes is then enough.
    let same_duration = number(&file.duration_ms)
        .is_none_or(|duration_ms| duration_ms.abs_diff(media.duration_ms) <= DURATION_SLACK_MS);
    same_size && same_duration && uploaded_at.is_some_and(|at| at >= earliest)
}

fn wanted_title(evidence: &SearchEvidence) -> &str {
    let own = evidence
        .submission
        .content
        .text
        .get(TITLE_FIELD)
        .map(String::as_str);
    own.unwrap_or_else(|| evidence.submission.caption.lines().next().unwrap_or_default())
}
