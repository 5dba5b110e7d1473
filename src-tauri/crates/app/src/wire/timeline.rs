//! Timelines, strips and waveforms on the wire.

use daypart_domain::{ids::AssetId, problem::Problem};
use daypart_engine::{
    Engine, GraphicsCard, PictureId, PostRendition, StripPicture, StripRequest, SuggestedCover,
};
use daypart_ipc as ipc;
use daypart_ports::timeline::TimeSpan;

/// A picture's address on the preview server.
pub type PictureAddress<'a> = &'a (dyn Fn(PictureId) -> String + Send + Sync);

/// Shown of a clip whose frame rate is not known.
const USUAL_RATE_FPS: f64 = 30.0;

pub async fn timeline(engine: &Engine, id: AssetId) -> Result<ipc::Timeline, Problem> {
    let facts = engine.timeline(id).await?;
    let video = &facts.info.video;
    let rate = video
        .average_frame_rate
        .map(daypart_domain::media_info::FrameRate::frames_per_second)
        .filter(|rate| *rate > 0.0);
    Ok(ipc::Timeline {
        asset_id: id.to_string(),
        duration_us: facts.duration_us,
        frame_rate_fps: rate.unwrap_or(USUAL_RATE_FPS),
        width_px: video.width_px,
        height_px: video.height_px,
        has_sound: facts.info.audio.is_some(),
        keyframes_us: facts.keyframes_us,
        scenes_us: facts.scenes.as_ref().map(|scenes| scenes.cuts_us.clone()),
        black: facts.scenes.as_ref().map(|scenes| spans(&scenes.black)),
        freezes: facts.scenes.as_ref().map(|scenes| spans(&scenes.freezes)),
        silences: facts.silences.as_deref().map(spans),
    })
}

fn spans(found: &[TimeSpan]) -> Vec<ipc::TimeSpan> {
    found.iter().copied().map(span).collect()
}

fn span(span: TimeSpan) -> ipc::TimeSpan {
    ipc::TimeSpan {
        from_us: span.from_us,
        to_us: span.to_us,
    }
}

pub fn strip_request(request: &ipc::OpenStripRequest) -> StripRequest {
    StripRequest {
        from_us: request.from_us,
        to_us: request.to_us,
        slots: request.slots,
        height_px: request.height_px,
    }
}

pub fn strip_frames(pictures: &[StripPicture], address: PictureAddress<'_>) -> Vec<ipc::StripFrame> {
    pictures
        .iter()
        .map(|picture| ipc::StripFrame {
            slot: picture.slot,
            at_us: picture.at_us,
            url: address(picture.picture),
        })
        .collect()
}

pub fn cover_suggestions(
    found: Vec<SuggestedCover>,
    address: PictureAddress<'_>,
) -> Vec<ipc::CoverSuggestion> {
    found
        .into_iter()
        .map(|suggested| ipc::CoverSuggestion {
            at_us: suggested.at_us,
            url: address(suggested.picture),
            reason: suggested.reason,
        })
        .collect()
}

pub async fn waveform(engine: &Engine, request: &ipc::WaveformRequest) -> Result<ipc::Waveform, Problem> {
    let id = ipc::convert::parse_id(&request.asset_id)?;
    let drawn = engine
        .waveform(id, request.from_us..request.to_us, request.buckets, request.track)
        .await?;
    Ok(ipc::Waveform {
        buckets: drawn.columns,
        loudness_lufs: drawn.loudness_lufs,
        true_peak_dbtp: drawn.true_peak_dbtp,
        complete: drawn.is_complete,
    })
}

pub fn rendition(planned: PostRendition) -> ipc::PlannedRendition {
    let PostRendition { serves, rendition } = planned;
    ipc::PlannedRendition {
        serves: serves.iter().map(ToString::to_string).collect(),
        rung: rendition.plan.rung.into(),
        reasons: rendition.plan.reasons,
        lost: rendition.lost,
        expected_bytes: Some(rendition.expected_size_bytes),
        expected_ms: Some(rendition.expected_time.time_ms),
        in_the_way: rendition
            .obstacles
            .into_iter()
            .map(|obstacle| obstacle.sentence)
            .collect(),
    }
}

pub fn graphics_card(card: GraphicsCard) -> ipc::GraphicsCard {
    let GraphicsCard { is_allowed, encoders } = card;
    ipc::GraphicsCard {
        is_allowed,
        encoders: encoders.map(|encoders| {
            encoders
                .into_iter()
                .map(|encoder| encoder.label().to_owned())
                .collect()
        }),
    }
}
