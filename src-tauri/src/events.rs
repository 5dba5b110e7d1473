//! From the engine's news to the window, the tray and the desktop's notifications.

mod pace;

use std::sync::Arc;
use std::time::{Duration, Instant};

use daypart_domain::problem::Problem;
use daypart_engine::EngineEvent;
use daypart_ipc::{self as wire, Event, event_name};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use self::pace::ProgressPace;
use crate::core::Core;
use crate::notifications::{self, Tidings};
use crate::tray::{Glance, Tray};
use crate::window;

/// Between two looks for the tray: many publications may move in one second.
const TRAY_PAUSE: Duration = Duration::from_millis(500);

/// Sends an event of the wire table to the window. Without a window nobody misses it.
pub fn emit<E: Event>(app: &AppHandle, payload: &E::Payload) {
    if !window::is_open(app) {
        return;
    }
    let sent = serde_json::to_value(payload)
        .map_err(tauri::Error::from)
        .and_then(|json| app.emit(E::NAME, json));
    if let Err(error) = sent {
        tracing::error!(%error, event = E::NAME, "an event did not reach the window");
    }
}

/// Shows a problem that no command can answer with.
pub fn notice(app: &AppHandle, problem: Problem) {
    tracing::warn!(%problem, "notice");
    emit::<event_name::notice>(
        app,
        &wire::Notification {
            error: problem.into(),
        },
    );
}

/// Forwards `news` until what is answered is dropped.
#[must_use]
pub fn forward(app: AppHandle, core: Arc<Core>, mut news: Receiver<EngineEvent>) -> JoinSet<()> {
    let mut forwarding = JoinSet::new();
    let tray_is_old = Arc::new(Notify::new());
    tray_is_old.notify_one();
    forwarding.spawn(keep_tray_fresh(
        app.clone(),
        Arc::clone(&core),
        Arc::clone(&tray_is_old),
    ));
    forwarding.spawn(async move {
        let mut pace = ProgressPace::default();
        loop {
            let told = match news.recv().await {
                Ok(EngineEvent::Transfer(progress)) => {
                    if pace.may_tell(&progress, Instant::now()) {
                        emit::<event_name::transfer_progress>(&app, &transfer(progress));
                    }
                    Ok(())
                }
                Ok(event) => {
                    let moves_tray = matches!(
                        event,
                        EngineEvent::PublicationMoved { .. }
                            | EngineEvent::PostChanged(_)
                            | EngineEvent::ChangedOutside
                            | EngineEvent::TransfersChanged
                    );
                    if moves_tray {
                        tray_is_old.notify_one();
                    }
                    tell(&app, &core, event).await
                }
                Err(RecvError::Lagged(missed)) => {
                    tracing::info!(missed, "events were missed; everything is read anew");
                    tray_is_old.notify_one();
                    everything_changed(&app, &core).await
                }
                Err(RecvError::Closed) => return,
            };
            if let Err(problem) = told {
                notice(&app, problem);
            }
        }
    });
    forwarding
}

/// The core is another one: whatever is shown is read again.
pub async fn tell_everything_changed(app: &AppHandle, core: &Core) {
    if let Err(problem) = everything_changed(app, core).await {
        notice(app, problem);
    }
}

async fn tell(app: &AppHandle, core: &Core, event: EngineEvent) -> Result<(), Problem> {
    match event {
        EngineEvent::AssetChanged(id) if window::is_open(app) => {
            let overview = core.engine.asset(id).await?;
            let removed = overview.asset.removed_at.is_some();
            let asset = if removed {
                None
            } else {
                Some(core.asset(overview).await)
            };
            emit::<event_name::asset_changed>(
                app,
                &wire::AssetChanged {
                    id: id.to_string(),
                    asset,
                },
            );
        }
        EngineEvent::AccountChanged(id) => {
            emit::<event_name::account_changed>(app, &wire::AccountChanged { id: id.to_string() });
        }
        EngineEvent::PostChanged(id) => {
            emit::<event_name::post_changed>(
                app,
                &wire::PostChanged {
                    post_id: id.to_string(),
                },
            );
        }
        EngineEvent::PublicationMoved { publication_id, .. } => {
            let moved = core.engine.publication(publication_id).await?;
            let publication = daypart_app::wire::publication(&core.engine, moved).await?;
            if let Some(tidings) = Tidings::of(&publication) {
                notifications::show(app, tidings);
            }
            emit::<event_name::publication_changed>(app, &wire::PublicationChanged { publication });
        }
        EngineEvent::ConnectFinished { connect_id, outcome } => {
            let (account_id, error) = match outcome {
                Ok(id) => (Some(id.to_string()), None),
                Err(problem) => (None, Some(problem.into())),
            };
            let finished = wire::ConnectFinished {
                connect_id: connect_id.to_string(),
                account_id,
                error,
            };
            emit::<event_name::connect_finished>(app, &finished);
        }
        EngineEvent::ChangedOutside => everything_changed(app, core).await?,
        EngineEvent::Notice(problem) => {
            // Without a window only the desktop can tell it.
            if let Some(tidings) = Tidings::of_notice(&problem).filter(|_| !window::is_open(app)) {
                notifications::show(app, tidings);
            }
            notice(app, problem);
        }
        EngineEvent::TransfersChanged => transfers_changed(app, core).await?,
        EngineEvent::Missed(ids) => {
            notifications::show_missed(app, core, &ids).await?;
            emit::<event_name::posts_missed>(
                app,
                &wire::PostsMissed {
                    publication_ids: ids.iter().map(ToString::to_string).collect(),
                },
            );
        }
        EngineEvent::TimelineChanged(id) => {
            emit::<event_name::timeline_changed>(
                app,
                &wire::TimelineChanged {
                    asset_id: id.to_string(),
                },
            );
        }
        EngineEvent::PlaybackChanged(id) => {
            let playback = core.engine.playback_now(id).await?;
            emit::<event_name::playback_changed>(
                app,
                &wire::PlaybackChanged {
                    asset_id: id.to_string(),
                    playback: core.playback(id, playback),
                },
            );
        }
        EngineEvent::StripPictures {
            strip,
            pictures,
            is_complete,
            problem,
        } => {
            let address = |picture| core.preview.frame_url(picture);
            let frames = wire::StripFrames {
                strip_id: strip.to_string(),
                frames: daypart_app::wire::strip_frames(&pictures, &address),
                complete: is_complete,
                error: problem.map(Into::into),
            };
            emit::<event_name::strip_frames>(app, &frames);
        }
        EngineEvent::AssetChanged(_) | EngineEvent::WorkChanged | EngineEvent::Transfer(_) => {}
    }
    Ok(())
}

async fn transfers_changed(app: &AppHandle, core: &Core) -> Result<(), Problem> {
    let overview = core.engine.transfers().await?;
    emit::<event_name::transfers_changed>(app, &daypart_app::wire::transfers(overview));
    Ok(())
}

/// Another process wrote to the database, or news were missed: whatever is shown is read again.
async fn everything_changed(app: &AppHandle, core: &Core) -> Result<(), Problem> {
    transfers_changed(app, core).await?;
    if !window::is_open(app) {
        return Ok(());
    }
    for account in core.engine.accounts().await? {
        emit::<event_name::account_changed>(
            app,
            &wire::AccountChanged {
                id: account.id.to_string(),
            },
        );
    }
    for overview in core.engine.assets().await? {
        let asset = core.asset(overview).await;
        let id = asset.id.clone();
        emit::<event_name::asset_changed>(
            app,
            &wire::AssetChanged {
                id,
                asset: Some(asset),
            },
        );
    }
    for overview in core.engine.posts().await? {
        let post_id = overview.post.id.to_string();
        emit::<event_name::post_changed>(app, &wire::PostChanged { post_id });
    }
    Ok(())
}

async fn keep_tray_fresh(app: AppHandle, core: Arc<Core>, is_old: Arc<Notify>) {
    loop {
        is_old.notified().await;
        match publications(&core).await {
            Ok(publications) => {
                let glance = Glance::of(
                    &publications,
                    jiff::Timestamp::now(),
                    &jiff::tz::TimeZone::system(),
                );
                app.state::<Tray>().show(glance);
            }
            Err(problem) => tracing::warn!(%problem, "the tray could not be brought up to date"),
        }
        match core.engine.transfers().await {
            Ok(overview) => app.state::<Tray>().show_paused(overview.all_paused_at.is_some()),
            Err(problem) => tracing::warn!(%problem, "the tray does not know whether transfers are paused"),
        }
        tokio::time::sleep(TRAY_PAUSE).await;
    }
}

async fn publications(core: &Core) -> Result<Vec<wire::Publication>, Problem> {
    let mut all = Vec::new();
    for overview in core.engine.posts().await? {
        all.extend(
            daypart_app::wire::post(&core.engine, overview)
                .await?
                .publications,
        );
    }
    Ok(all)
}

fn transfer(progress: daypart_engine::TransferProgress) -> wire::TransferProgress {
    let daypart_engine::TransferProgress {
        publication_id,
        sent_bytes,
        total_bytes,
        rate_bytes_per_s,
        eta_s,
    } = progress;
    wire::TransferProgress {
        publication_id: publication_id.to_string(),
        sent_bytes,
        total_bytes,
        rate_bytes_per_s: rate_bytes_per_s.map_or(0, whole),
        eta_s: eta_s.map(whole),
    }
}

/// Rounded; anything that is no sensible number becomes 0 or the greatest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and that is meant"
)]
fn whole(number: f64) -> u64 {
    number.round() as u64
}
