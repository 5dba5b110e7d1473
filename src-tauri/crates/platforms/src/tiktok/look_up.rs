//! Looking for a post after an unclear answer (§8).

use daypart_domain::{problem::Problem, publication::Receipt, reconcile::Sighting};
use daypart_ports::platform::{SearchEvidence, Session, UploadHandle};
use jiff::{SignedDuration, Timestamp};

use super::{
    TikTok,
    capabilities::CAPTION_FIELD,
    confirm::{post_url, receipt},
    errors,
    upload::{self, PostReference, fetch_status, is_unknown_publish_id},
    wire::{VideoList, VideoListRequest},
};

/// The listing cuts descriptions at this length.
const LISTED_CHARS: usize = 150;
/// Clocks differ.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(2);

pub async fn look_for(
    tiktok: &TikTok,
    session: &Session,
    evidence: &SearchEvidence,
) -> Result<Sighting, Problem> {
    let kept = evidence
        .remote
        .as_ref()
        .map(|remote| &remote.0)
        .or(evidence.upload.as_ref().map(|upload| &upload.public));
    let Some(kept) = kept else {
        return listed(tiktok, session, evidence, "").await;
    };
    let reference = PostReference::from_json(kept)?;
    let status = match fetch_status(tiktok, session, &reference.publish_id).await {
        Ok(status) => status,
        // How long TikTok remembers is not documented: silence proves nothing.
        Err(problem) if is_unknown_publish_id(&problem) => {
            return listed(tiktok, session, evidence, &reference.username).await;
        }
        Err(problem) => return Err(problem),
    };
    Ok(match status.status.as_str() {
        "PUBLISH_COMPLETE" => Sighting::Published(receipt(tiktok, &reference, &status)),
        "FAILED" => Sighting::Refused(errors::fail_reason(
            status.fail_reason.as_deref().unwrap_or("without a reason"),
            tiktok.clock.now(),
        )),
        "PROCESSING_UPLOAD" => match open_bytes(evidence.upload.as_ref(), status.uploaded_bytes) {
            Some(stored_bytes) => Sighting::UploadOpen { stored_bytes },
            None => Sighting::Processing(reference.to_handle()),
        },
        _ => Sighting::Processing(reference.to_handle()),
    })
}

/// `Some` while bytes are missing.
fn open_bytes(upload: Option<&UploadHandle>, uploaded_bytes: Option<u64>) -> Option<u64> {
    let plan = upload?.plan;
    let stored_bytes = upload::snap(&plan, uploaded_bytes?);
    (stored_bytes < plan.size_bytes).then_some(stored_bytes)
}

/// Public posts can be listed where that scope was granted (E9); nothing else can be seen.
async fn listed(
    tiktok: &TikTok,
    session: &Session,
    evidence: &SearchEvidence,
    username: &str,
) -> Result<Sighting, Problem> {
    if !session.scopes.iter().any(|scope| scope == "video.list") {
        return Ok(Sighting::CannotTell);
    }
    let path = "/v2/video/list/?fields=id,create_time,share_url,video_description,duration";
    let list: VideoList = tiktok
        .api(session, path, &VideoListRequest { max_count: 20 })
        .await?;
    let submission = &evidence.submission;
    let own = submission.content.text.get(CAPTION_FIELD);
    let caption: String = own
        .unwrap_or(&submission.caption)
        .chars()
        .take(LISTED_CHARS)
        .collect();
    let earliest = evidence
        .attempted_at
        .saturating_sub(CLOCK_SLACK)
        .unwrap_or(Timestamp::MIN);
    let found = list.videos.into_iter().find(|video| {
        let created_at = Timestamp::from_second(video.create_time).unwrap_or(Timestamp::MIN);
        created_at >= earliest
            && video
                .video_description
                .chars()
                .take(LISTED_CHARS)
                .eq(caption.chars())
            && video.duration.abs_diff(submission.media.duration_ms / 1000) <= 1
    });
    // Not in the list: perhaps it is not public. That is no proof of absence.
    Ok(found.map_or(Sighting::CannotTell, |video| {
        Sighting::Published(Receipt {
            url: video
                .share_url
                .or_else(|| Some(post_url(tiktok, username, &video.id))),
            remote_id: Some(video.id),
            published_at: Timestamp::from_second(video.create_time).unwrap_or(evidence.attempted_at),
            visibility: Some("PUBLIC_TO_EVERYONE".into()),
            read_back: true,
        })
    }))
}
