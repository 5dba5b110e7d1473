//! The engine: takes files in, keeps the queue, runs the steps, and settles every doubt by reading the platform.
//!
//! It knows the outside only through the traits of `daypart-ports`. Two roles (see [`Role`]): the *owner* of the
//! data folder runs the queue; a *guest* (a terminal command beside a running window) records what the user wants
//! and leaves the work to the owner.

mod account_checks;
mod accounts;
mod additions;
mod assets;
mod captions;
mod connect;
mod copies;
mod edits;
mod encoding;
mod events;
mod file_checks;
mod gates;
mod grant_document;
mod held;
mod housekeeping;
mod integrity;
mod late;
mod late_settings;
mod ledger;
mod missed;
mod parts;
mod planning;
mod playback;
mod posts;
mod preview;
mod publications;
mod queue;
mod rescuer;
mod rounds;
mod settle;
mod steps;
mod throttle;
mod timeline;
mod tokens;
mod transfer;
mod transfer_control;
mod transfer_gate;
mod uplink;

pub use accounts::PlatformListing;
pub use assets::{AddOutcome, AssetOverview};
pub use connect::ConnectStarted;
pub use edits::EditReceiver;
pub use encoding::GraphicsCard;
pub use events::{EngineEvent, TransferProgress};
pub use gates::RememberedLimit;
pub use housekeeping::Cleaned;
pub use integrity::IntegrityPass;
pub use ledger::QuotaForecast;
pub use missed::MissedDecision;
pub use parts::{EngineParts, Folders, Pace, Role};
pub use planning::PostRendition;
pub use playback::Playback;
pub use posts::{DestinationCheck, PostDraft, PostOverview, ScheduleWhen};
pub use publications::{DoubtAnswer, PublicationLog};
pub use timeline::{
    OwnCover, PictureId, StripId, StripPicture, StripRequest, SuggestedCover, TimelineFacts, WaveformColumns,
};
pub use transfer_control::TransfersOverview;

use std::sync::Arc;

use daypart_domain::{ids::OwnerId, problem::Problem};
use daypart_ports::{randomness::uuid_v7, seal::Seal};
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::{
    connect::OpenSignIns, playback::Playbacks, queue::RunningSteps, throttle::Throttle, timeline::Timelines,
    tokens::RefreshGates, transfer_gate::TransferGate, uplink::Uplinks,
};

/// The engine. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    parts: EngineParts,
    owner: OwnerId,
    events: broadcast::Sender<EngineEvent>,
    /// Something became due or changed: the queue looks again.
    nudge: Notify,
    stop: CancellationToken,
    running: RunningSteps,
    refresh_gates: RefreshGates,
    sign_ins: OpenSignIns,
    timelines: Timelines,
    playbacks: Playbacks,
    gate: TransferGate,
    throttle: Arc<Throttle>,
    uplinks: Uplinks,
    breakers: gates::Breakers,
    /// One settles what is late at a time.
    late_turn: tokio::sync::Mutex<()>,
    seal: std::sync::OnceLock<Arc<dyn Seal>>,
    /// One counts a final call at a time; when it was counted last.
    seal_turn: tokio::sync::Mutex<Option<std::time::Instant>>,
}

/// Events that a slow listener may miss before it is told that it lagged.
const EVENT_BACKLOG: usize = 1024;

impl Engine {
    /// Puts an engine together. Nothing runs before [`Engine::run`].
    pub fn new(parts: EngineParts) -> Self {
        let owner = OwnerId::from_uuid(uuid_v7(parts.clock.now(), parts.randomness.as_ref()));
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        let gate = TransferGate::new(parts.pace.transfers_max, parts.pace.transfers_per_account_max);
        let throttle = Arc::new(Throttle::new(parts.clock.clone()));
        Self {
            inner: Arc::new(Inner {
                parts,
                owner,
                events,
                nudge: Notify::new(),
                stop: CancellationToken::new(),
                running: RunningSteps::default(),
                refresh_gates: RefreshGates::default(),
                sign_ins: OpenSignIns::default(),
                timelines: Timelines::default(),
                playbacks: Playbacks::default(),
                gate,
                throttle,
                uplinks: Uplinks::default(),
                breakers: gates::Breakers::default(),
                late_turn: tokio::sync::Mutex::default(),
                seal: std::sync::OnceLock::new(),
                seal_turn: tokio::sync::Mutex::default(),
            }),
        }
    }

    pub fn role(&self) -> Role {
        self.inner.parts.role
    }

    /// News for the window, the terminal and the tray. A receiver that lags must read state anew.
    pub fn subscribe(&self) -> broadcast::Receiver<EngineEvent> {
        self.inner.events.subscribe()
    }

    /// Somebody else changed the database (a guest, or the owner when we are one): look again.
    pub fn changed_outside(&self) {
        self.inner.nudge.notify_one();
        self.emit(EngineEvent::ChangedOutside);
        if self.role() == Role::Owner {
            let heeding = self.clone();
            tokio::spawn(async move {
                if let Err(problem) = heeding.heed_transfer_wishes().await {
                    tracing::warn!(code = %problem.code, "wishes about transfers were not heeded");
                }
            });
        }
    }

    /// Settles what the last run left, then works until [`Engine::stop`]. Owner only.
    ///
    /// # Errors
    /// Only when the database cannot be read at all; everything else is handled per job.
    pub async fn run(&self) -> Result<(), Problem> {
        debug_assert_eq!(self.role(), Role::Owner, "a guest must not run the queue");
        self.rescue().await?;
        self.mend_record().await?;
        self.heed_transfer_wishes().await?;
        self.heed_copies().await?;
        self.settle_late().await?;
        let making = self.clone();
        let rounds = tokio::spawn(async move { making.make_rounds().await });
        let checking = self.clone();
        let checks = tokio::spawn(async move {
            if let Err(problem) = checking.check_files().await {
                tracing::warn!(code = %problem.code, "the library's files could not be checked");
            }
        });
        let outcome = self.run_queue().await;
        checks.abort();
        match &outcome {
            // A new token must reach the vault before this process ends.
            Ok(()) => drop(rounds.await),
            Err(_) => rounds.abort(),
        }
        outcome
    }

    /// Asks running steps to let go at their next safe point. Returns at once; [`Engine::run`] ends afterwards.
    pub fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.nudge.notify_one();
    }

    pub(crate) fn emit(&self, event: EngineEvent) {
        // No listener is not an error: the window may be closed.
        let _ = self.inner.events.send(event);
    }

    pub(crate) fn parts(&self) -> &EngineParts {
        &self.inner.parts
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.inner.parts.clock.now()
    }

    pub(crate) fn new_uuid(&self) -> uuid::Uuid {
        uuid_v7(self.now(), self.inner.parts.randomness.as_ref())
    }
}
