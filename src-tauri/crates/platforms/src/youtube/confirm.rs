//! Reading a video back (Y3).

use daypart_domain::{
    problem::Problem,
    publication::{Receipt, RemoteHandle},
};
use daypart_ports::platform::{Confirmation, Session};

use super::{
    YouTube, errors, held,
    upload::VideoReference,
    wire::{Video, VideoStatus},
};

pub async fn confirm(
    youtube: &YouTube,
    session: &Session,
    remote: &RemoteHandle,
) -> Result<Confirmation, Problem> {
    let reference = VideoReference::from_handle(remote)?;
    match youtube.video(session, &reference.video_id).await? {
        // An unknown or deleted id gives an empty list (§3).
        None => Ok(Confirmation::Unknown),
        Some(video) => Ok(read_back(youtube, &reference, &video)),
    }
}

fn read_back(youtube: &YouTube, reference: &VideoReference, video: &Video) -> Confirmation {
    let Some(status) = &video.status else {
        return Confirmation::Pending {
            note: "YouTube did not tell the status yet.".into(),
        };
    };
    if let Some(problem) = errors::lost_video(status) {
        return Confirmation::Refused(problem);
    }
    if held::is_held(status) {
        return Confirmation::Held {
            note: "YouTube holds the video until its time.".into(),
        };
    }
    match status.upload_status.as_str() {
        "processed" => Confirmation::Published {
            receipt: receipt(youtube, video),
            warnings: visibility_warning(reference, status).into_iter().collect(),
            more_to_come: false,
        },
        "deleted" => Confirmation::Unknown,
        _ => Confirmation::Pending {
            note: processing_note(video),
        },
    }
}

pub fn is_processed(video: &Video) -> bool {
    video
        .status
        .as_ref()
        .is_some_and(|status| status.upload_status == "processed")
}

pub fn receipt(youtube: &YouTube, video: &Video) -> Receipt {
    let published_at = video.snippet.as_ref().and_then(|snippet| snippet.published_at);
    Receipt {
        remote_id: Some(video.id.clone()),
        url: Some(format!("{}/watch?v={}", youtube.endpoints.www, video.id)),
        published_at: published_at.unwrap_or_else(|| youtube.clock.now()),
        visibility: video
            .status
            .as_ref()
            .and_then(|status| status.privacy_status.clone()),
        read_back: true,
    }
}

/// YouTube may set another visibility than was asked for, e.g. for projects it has not verified (§5).
fn visibility_warning(reference: &VideoReference, status: &VideoStatus) -> Option<String> {
    let found = status.privacy_status.as_deref()?;
    (!reference.visibility.is_empty() && found != reference.visibility).then(|| {
        format!(
            "YouTube made the video {found} although {} was asked for.",
            reference.visibility
        )
    })
}

fn processing_note(video: &Video) -> String {
    let progress = video
        .processing_details
        .as_ref()
        .and_then(|details| details.processing_progress.as_ref());
    match progress
        .and_then(|progress| Some((progress.parts_processed.as_ref()?, progress.parts_total.as_ref()?)))
    {
        Some((done, total)) => format!("YouTube is processing the video ({done} of {total} parts)."),
        None => "YouTube is processing the video.".into(),
    }
}
