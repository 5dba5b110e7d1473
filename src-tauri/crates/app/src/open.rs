//! Opening: lock, record, vault, practice, adapters, engine.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use daypart_domain::problem::Problem;
use daypart_engine::{Engine, EngineParts, Folders, Role};
use daypart_host::{
    AlwaysOnline, DataFolder, FileSeal, InstanceLock, LockOutcome, OsRandomness, SystemClock,
};
use daypart_media::{Media, MediaToolbox};
use daypart_platforms::{LoopbackBase, LoopbackRedirects, register_practice, register_real};
use daypart_ports::{clock::Clock, platform::ClientCredentials, registry::PlatformRegistry, store::Store};
use daypart_simulator::Simulator;
use daypart_store::SqliteStore;
use tokio::task::JoinHandle;

use crate::{
    AppOptions, Pictures,
    practice::{Practice, open_practice},
    vault::open_vault,
    wakes::{self, Wakes},
};

/// Everything of one process: the engine and what it stands on.
pub struct App {
    pub engine: Engine,
    pub(crate) data_dir: PathBuf,
    pub(crate) practice: Practice,
    pub(crate) vault: Arc<dyn daypart_ports::secrets::SecretVault>,
    pub(crate) toolbox: MediaToolbox,
    pub(crate) wakes: Wakes,
    pictures: Arc<Pictures>,
}

/// The engine at work. Dropping it does not stop it; [`Running::stop`] does.
pub struct Running {
    engine: Engine,
    work: JoinHandle<Result<(), Problem>>,
    bridge: JoinHandle<()>,
    wakes: Wakes,
    simulator: Option<Simulator>,
    /// Released last.
    _lock: Option<InstanceLock>,
}

impl App {
    /// Opens the data folder: as its owner when nobody else is, else as a guest.
    ///
    /// # Errors
    /// `store.…`, `vault.unavailable`, `practice.unavailable`, `data.folder`. Nothing is left half open.
    pub async fn open(options: AppOptions) -> Result<(Self, Option<InstanceLock>), Problem> {
        let data_dir = options.data_dir;
        let folder = DataFolder::prepare(&data_dir)?;
        let (role, lock) = match InstanceLock::try_acquire(&data_dir, options.process_name)? {
            LockOutcome::Acquired(lock) => (Role::Owner, Some(lock)),
            LockOutcome::Held(holder) => {
                tracing::info!(%holder, "another process owns the data folder; working as its guest");
                (Role::Guest, None)
            }
        };
        let store_role = match role {
            Role::Owner => daypart_store::Role::Owner,
            Role::Guest => daypart_store::Role::Guest,
        };
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.database(), store_role).await?);
        let vault = open_vault(&options.vault, &data_dir).await?;
        let practice = open_practice(&options.practice, role, store.as_ref(), &data_dir).await?;
        let toolbox = MediaToolbox::locate();
        let media = Arc::new(Media::new(toolbox.clone()).with_cache(folder.media().join("cache")));
        let wakes = wakes::open(&data_dir, lock.as_ref()).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let pictures = Arc::new(Pictures::new(folder.pictures(), practice.base.clone())?);
        let platforms = registry(practice.base.as_ref(), &clock)?;
        let engine = Engine::new(EngineParts {
            role,
            store,
            clock,
            randomness: Arc::new(OsRandomness),
            network: Arc::new(AlwaysOnline),
            vault: vault.clone(),
            media_probe: media.clone(),
            media_encoder: media.clone(),
            media_timeline: media,
            platforms,
            browser: options.browser,
            redirects: Arc::new(LoopbackRedirects),
            folders: Folders {
                media: folder.media(),
            },
            pace: options.pace,
        })
        .sealed_by(Arc::new(FileSeal::new(folder.seal())));
        Ok((
            Self {
                engine,
                data_dir,
                practice,
                vault,
                toolbox,
                wakes,
                pictures,
            },
            lock,
        ))
    }

    pub fn role(&self) -> Role {
        self.engine.role()
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub fn pictures(&self) -> Arc<Pictures> {
        Arc::clone(&self.pictures)
    }

    /// The simulator's own page: what practice has received.
    pub fn practice_page_url(&self) -> Option<String> {
        self.practice.base.as_ref().map(|base| base.join("/"))
    }

    /// Starts working: the owner runs the queue, a guest passes its changes on to the owner. `lock` is the one that
    /// [`App::open`] gave.
    pub fn start(&mut self, lock: Option<InstanceLock>) -> Running {
        let engine = self.engine.clone();
        let work = match engine.role() {
            Role::Owner => tokio::spawn(async move { engine.run().await }),
            Role::Guest => tokio::spawn(async { Ok(()) }),
        };
        self.running(lock, work)
    }

    /// As [`App::start`], but no work is done, whoever owns the folder: for a look at the record.
    pub fn rest(&mut self, lock: Option<InstanceLock>) -> Running {
        self.running(lock, tokio::spawn(async { Ok(()) }))
    }

    fn running(&mut self, lock: Option<InstanceLock>, work: JoinHandle<Result<(), Problem>>) -> Running {
        let engine = self.engine.clone();
        let bridge = wakes::bridge(engine.clone(), self.wakes.clone());
        Running {
            engine,
            work,
            bridge,
            wakes: self.wakes.clone(),
            simulator: self.practice.simulator.take(),
            _lock: lock,
        }
    }
}

impl Running {
    /// Lets running steps come to a safe point, then closes everything, the lock last.
    ///
    /// # Errors
    /// What ended the queue, when it ended by itself.
    pub async fn stop(self) -> Result<(), Problem> {
        self.engine.stop();
        let ended = match self.work.await {
            Ok(ended) => ended,
            Err(error) => Err(Problem::bug("the queue ended by a panic").caused_by(&error)),
        };
        wakes::say_goodbye(&self.wakes).await;
        self.bridge.abort();
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
        ended
    }

    /// Ends when the owner beside which this guest works has gone: opening the folder anew then makes this process the
    /// owner. Never ends for an owner.
    pub async fn owner_gone(&mut self) {
        match self.engine.role() {
            Role::Owner => std::future::pending().await,
            // The bridge of a guest lasts as long as the owner at its other end.
            Role::Guest => drop((&mut self.bridge).await),
        }
    }

    /// True when the queue has ended by itself, which only happens when the database cannot be read.
    pub fn has_ended(&self) -> bool {
        self.engine.role() == Role::Owner && self.work.is_finished()
    }
}

fn registry(practice: Option<&LoopbackBase>, clock: &Arc<dyn Clock>) -> Result<PlatformRegistry, Problem> {
    let mut registry = PlatformRegistry::default();
    register_real(&mut registry, clock)?;
    if let Some(base) = practice {
        let tiktok = ClientCredentials {
            client_id: daypart_simulator::PRACTICE_TIKTOK_CLIENT_KEY.into(),
            client_secret: daypart_simulator::PRACTICE_TIKTOK_CLIENT_SECRET.to_owned().into(),
        };
        let youtube = ClientCredentials {
            client_id: daypart_simulator::PRACTICE_GOOGLE_CLIENT_ID.into(),
            client_secret: daypart_simulator::PRACTICE_GOOGLE_CLIENT_SECRET.to_owned().into(),
        };
        register_practice(&mut registry, base, clock, tiktok, youtube)?;
    }
    Ok(registry)
}
