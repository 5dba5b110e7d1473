//! The core behind the window: it is started once and works on when the window is closed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daypart_app::{App, AppOptions, Pictures, Running, wire};
use daypart_domain::account::PostingOptions;
use daypart_domain::ids::{AccountId, AssetId};
use daypart_domain::problem::{ErrorCode, Problem};
use daypart_engine::{AddOutcome, AssetOverview, Engine, EngineEvent, Playback};
use daypart_ipc::{self as ipc, convert::AssetLinks};
use tauri::AppHandle;
use tokio::sync::broadcast::Receiver;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::browser::SystemBrowser;
use crate::events;
use crate::preview::{PreviewFiles, PreviewServer};

/// What this process calls itself towards others that open the same data folder.
const PROCESS_NAME: &str = "window";
const BEFORE_TAKING_OVER: Duration = Duration::from_millis(500);

/// What the commands work with.
pub struct Core {
    pub app: App,
    pub engine: Engine,
    pub preview: PreviewServer,
    /// What the accounts offered when the composer last asked; the pre-flight judges by it.
    posting_options: Mutex<BTreeMap<AccountId, PostingOptions>>,
}

impl Core {
    pub async fn asset(&self, overview: AssetOverview) -> ipc::Asset {
        wire::asset(&self.engine, overview, &|id, has_poster| {
            self.links(id, has_poster)
        })
        .await
    }

    /// Adds `paths` and tells what became of each, in their order.
    pub async fn add(&self, paths: &[String]) -> Result<Vec<ipc::AddOutcome>, Problem> {
        let outcomes = self.engine.add_assets(paths).await?;
        let mut told = Vec::with_capacity(outcomes.len());
        for (path, outcome) in paths.iter().cloned().zip(outcomes) {
            told.push(match outcome {
                AddOutcome::Added(asset) => {
                    let asset = self.asset(self.engine.asset(asset.id).await?).await;
                    ipc::AddOutcome::Added { path, asset }
                }
                AddOutcome::AlreadyThere(asset) => {
                    let asset = self.asset(self.engine.asset(asset.id).await?).await;
                    ipc::AddOutcome::AlreadyThere { path, asset }
                }
                AddOutcome::Refused { path, problem } => ipc::AddOutcome::Refused {
                    path,
                    error: problem.into(),
                },
            });
        }
        Ok(told)
    }

    pub fn remember_posting_options(&self, account: AccountId, options: PostingOptions) {
        self.posting_options
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(account, options);
    }

    pub fn posting_options_read(&self) -> BTreeMap<AccountId, PostingOptions> {
        self.posting_options
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// With the addresses at which the window finds it.
    pub fn playback(&self, id: AssetId, playback: Playback) -> ipc::Playback {
        wire::playback(
            id,
            playback,
            wire::PlaybackAddresses {
                clip: &|id| self.preview.clip_url(&id.to_string()),
                copy: &|id| self.preview.copy_url(&id.to_string()),
            },
        )
    }

    fn links(&self, id: AssetId, has_poster: bool) -> AssetLinks {
        let id = id.to_string();
        AssetLinks {
            poster_url: has_poster.then(|| self.preview.poster_url(&id)),
            preview_url: Some(self.preview.clip_url(&id)),
        }
    }
}

/// Only files of the library and pictures of accounts, by their id.
struct ServedFiles {
    engine: Engine,
    pictures: Arc<Pictures>,
}

#[async_trait::async_trait]
impl PreviewFiles for ServedFiles {
    async fn poster(&self, asset_id: &str) -> Option<PathBuf> {
        self.engine
            .poster_file(asset_id.parse().ok()?)
            .await
            .ok()
            .flatten()
    }

    async fn clip(&self, asset_id: &str) -> Option<PathBuf> {
        self.engine.preview_file(asset_id.parse().ok()?).await.ok()
    }

    async fn copy(&self, asset_id: &str) -> Option<PathBuf> {
        self.engine.playback_copy_file(asset_id.parse().ok()?).await.ok()
    }

    fn frame(&self, picture_id: &str) -> Option<Arc<[u8]>> {
        self.engine.picture(picture_id.parse().ok()?)
    }

    async fn picture(&self, account_id: &str) -> Option<PathBuf> {
        let account = self.engine.account(account_id.parse().ok()?).await.ok()?;
        self.pictures.of(&account).await
    }
}

/// How starting the core ended, once it has.
type Started = Result<Arc<Core>, ipc::WireError>;

/// What every command is given: the core, as soon as it has started.
pub struct Shell {
    started: watch::Sender<Option<Started>>,
    quit: CancellationToken,
    stopped: CancellationToken,
}

impl Shell {
    pub fn new() -> Self {
        Self {
            started: watch::Sender::new(None),
            quit: CancellationToken::new(),
            stopped: CancellationToken::new(),
        }
    }

    /// Waits until the core has started; the window may be there before.
    ///
    /// # Errors
    /// Why the core could not be started. It stays so until Daypart is started again.
    pub async fn core(&self) -> Started {
        let mut started = self.started.subscribe();
        let known = started
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|value| value.clone());
        known.unwrap_or_else(|| Err(Problem::bug("the core ended while it started").into()))
    }

    /// Opens the data folder and works until [`Shell::stop`]. Call once; a failure is what every command answers.
    ///
    /// While a terminal command owns the folder this process is its guest; it takes over when the owner has gone.
    pub async fn run(&self, app: &AppHandle) {
        while !self.quit.is_cancelled() {
            match open().await {
                Ok((core, mut running, news)) => {
                    let _forwarding = events::forward(app.clone(), Arc::clone(&core), news);
                    let took_over = self.started.send_replace(Some(Ok(Arc::clone(&core)))).is_some();
                    if took_over {
                        events::tell_everything_changed(app, &core).await;
                    }
                    tokio::select! {
                        () = self.quit.cancelled() => {}
                        () = running.owner_gone() => {}
                    }
                    if let Err(problem) = running.stop().await {
                        tracing::error!(%problem, "the queue ended with a problem");
                    }
                }
                Err(problem) => {
                    tracing::error!(%problem, details = ?problem.details, "the core could not be started");
                    eprintln!("{problem}");
                    let is_first = self.started.borrow().is_none();
                    if is_first {
                        self.started.send_replace(Some(Err(problem.into())));
                        break;
                    }
                }
            }
            // Between a guest's owner going and its lock being free there may be a moment.
            tokio::select! {
                () = self.quit.cancelled() => {}
                () = tokio::time::sleep(BEFORE_TAKING_OVER) => {}
            }
        }
        self.stopped.cancel();
    }

    /// Lets running steps come to a safe point and closes the data folder.
    pub async fn stop(&self) {
        self.quit.cancel();
        self.stopped.cancelled().await;
    }
}

async fn open() -> Result<(Arc<Core>, Running, Receiver<EngineEvent>), Problem> {
    let options = AppOptions::from_env(PROCESS_NAME, Arc::new(SystemBrowser))?;
    if let Err(problem) = daypart_app::start_log(&options.data_dir) {
        eprintln!("{problem}");
    }
    let (mut app, lock) = App::open(options).await?;
    let engine = app.engine.clone();
    let served = ServedFiles {
        engine: engine.clone(),
        pictures: app.pictures(),
    };
    let preview = PreviewServer::start(Arc::new(served)).await.map_err(|error| {
        Problem::transient(
            ErrorCode::new("preview.port"),
            "No port for the preview server could be had.",
        )
        .caused_by(&error)
    })?;
    // Listening before anything runs: no event is missed.
    let news = engine.subscribe();
    let running = app.start(lock);
    let core = Core {
        app,
        engine,
        preview,
        posting_options: Mutex::default(),
    };
    Ok((Arc::new(core), running, news))
}
