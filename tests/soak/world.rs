//! The real engine on the real record, and everything around it in memory.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    account::{Account, AccountHealth},
    delivery_spec::AccountLimits,
    ids::{AccountId, AssetId, OwnerId},
    platform::Realm,
    problem::Problem,
};
use daypart_engine::{AddOutcome, Engine, EngineParts, Folders, Pace, Role};
use daypart_host::AlwaysOnline;
use daypart_media::{Media, MediaToolbox};
use daypart_platforms::{LoopbackRedirects, register_real};
use daypart_ports::{
    browser::Browser,
    clock::Clock,
    fakes::MemoryVault,
    platform::ClientCredentials,
    registry::{PlatformRegistry, Registered},
    secrets::{SecretName, SecretVault},
    store::{AccountStore, Store},
};
use daypart_store::SqliteStore;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    clock::{SoakClock, SoakRandomness},
    dice::Dice,
    faults::Interruption,
    kinds::Kind,
    platform::{SoakPlatform, Surroundings},
};

/// Nobody: every lease is somebody else's.
const NOBODY: OwnerId = OwnerId::from_uuid(uuid::Uuid::nil());

pub struct World {
    pub engine: Engine,
    pub store: Arc<dyn Store>,
    pub clock: SoakClock,
    pub platforms: Vec<SoakPlatform>,
    pub accounts: Vec<Account>,
    pub assets: Vec<AssetId>,
    pub around: Surroundings,
    pub interruptions: mpsc::UnboundedReceiver<Interruption>,
    vault: Arc<MemoryVault>,
    working: JoinHandle<Result<(), Problem>>,
    make_engine: Box<dyn Fn() -> Engine>,
    _folder: tempfile::TempDir,
}

struct NoBrowser;

#[async_trait]
impl Browser for NoBrowser {
    async fn open(&self, _: &str) -> Result<(), Problem> {
        Ok(())
    }
}

impl World {
    pub async fn new(dice: Dice, accounts: usize, lag_max: Duration) -> Self {
        let folder = folder();
        let clock = SoakClock::new();
        let shared_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let mut real = PlatformRegistry::default();
        register_real(&mut real, &shared_clock).unwrap();
        let (_, _, like) = real.iter().next().unwrap();
        let (interruptions, received) = mpsc::unbounded_channel();
        let around = Surroundings {
            dice,
            clock: clock.clone(),
            lag_max,
            is_calm: Arc::new(AtomicBool::new(true)),
            is_conducting: Arc::default(),
            interruptions,
        };
        let platforms: Vec<SoakPlatform> = Kind::ALL
            .into_iter()
            .map(|kind| SoakPlatform::new(kind, like.platform.capabilities(), around.clone()))
            .collect();
        let registry = registry(&platforms);
        let store: Arc<dyn Store> = Arc::new(
            SqliteStore::open(&folder.path().join("daypart.db"), daypart_store::Role::Owner)
                .await
                .unwrap(),
        );
        let vault = Arc::new(MemoryVault::default());
        let media_dir = folder.path().join("media");
        std::fs::create_dir(&media_dir).unwrap();
        let media = Arc::new(Media::new(MediaToolbox::locate()).with_cache(folder.path().join("cache")));
        let randomness = Arc::new(SoakRandomness {
            clock: clock.clone(),
            drawn: AtomicU64::new(1),
        });
        let (its_store, its_vault) = (store.clone(), vault.clone());
        let make_engine = Box::new(move || {
            Engine::new(EngineParts {
                role: Role::Owner,
                store: its_store.clone(),
                clock: shared_clock.clone(),
                randomness: randomness.clone(),
                network: Arc::new(AlwaysOnline),
                vault: its_vault.clone(),
                media_probe: media.clone(),
                media_encoder: media.clone(),
                media_timeline: media.clone(),
                platforms: registry.clone(),
                browser: Arc::new(NoBrowser),
                redirects: Arc::new(LoopbackRedirects),
                folders: Folders {
                    media: media_dir.clone(),
                },
                pace: Pace {
                    resume_base: Duration::from_micros(1),
                    ..Pace::default()
                },
            })
        });
        let engine = make_engine();
        let working = work(&engine);
        let mut world = Self {
            engine,
            store,
            clock,
            platforms,
            accounts: Vec::new(),
            assets: Vec::new(),
            around,
            interruptions: received,
            vault,
            working,
            make_engine,
            _folder: folder,
        };
        for number in 0..accounts {
            world.connect(number).await;
        }
        world.add_clips().await;
        world
    }

    async fn connect(&mut self, number: usize) {
        let account = Account {
            id: AccountId::from_uuid(uuid::Uuid::from_u128(number as u128 + 1)),
            platform: Kind::ALL[number % Kind::ALL.len()].platform(),
            realm: Realm::Practice,
            remote_user_id: format!("account-{number}"),
            display_name: format!("Account {number}"),
            avatar_url: None,
            granted_scopes: Vec::new(),
            limits: AccountLimits::default(),
            health: AccountHealth::Connected,
            connected_at: self.clock.now(),
            disconnected_at: None,
        };
        AccountStore::put_account(self.store.as_ref(), &account)
            .await
            .unwrap();
        self.sign_in(&account).await;
        self.accounts.push(account);
    }

    pub fn platform_of(&self, account: &Account) -> &SoakPlatform {
        self.platforms
            .iter()
            .find(|platform| platform.kind.platform() == account.platform)
            .unwrap()
    }

    /// What a sign-in leaves at both sides.
    pub async fn sign_in(&self, account: &Account) {
        let name = &account.remote_user_id;
        let number = {
            let mut remote = self.platform_of(account).remote();
            remote.revoked.retain(|revoked| revoked != name);
            *remote.accepted.entry(name.clone()).or_default()
        };
        let document = serde_json::json!({
            "access_token": format!("access {name} {number}"),
            "refresh_token": format!("refresh {name}"),
            "expires_at": self.clock.now() + Duration::from_secs(4 * 3_600),
            "refresh_expires_at": null,
            "scopes": [],
        });
        self.vault
            .put(&SecretName::grant(account.id), document.to_string().into())
            .await
            .unwrap();
        AccountStore::put_account(self.store.as_ref(), account)
            .await
            .unwrap();
    }

    async fn add_clips(&mut self) {
        for number in 0..3 {
            let path = self._folder.path().join(format!("clip-{number}.mp4"));
            make_clip(&path, number);
            let outcomes = self
                .engine
                .add_assets(&[path.to_str().unwrap().to_owned()])
                .await
                .unwrap();
            let AddOutcome::Added(asset) = &outcomes[0] else {
                panic!("a clip was not added");
            };
            self.assets.push(asset.id);
        }
        while !self.is_idle().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Nothing runs and nothing is due.
    pub async fn is_idle(&self) -> bool {
        let leased = self.store.dead_leases(NOBODY).await.unwrap();
        let next_due = self.store.next_due().await.unwrap();
        leased.is_empty() && next_due.is_none_or(|at| at > self.clock.now())
    }

    /// As a process that is killed: wherever its work is, it ends there. A new one begins on the same record.
    pub async fn crash(&mut self) {
        self.working.abort();
        let _ = (&mut self.working).await;
        // What it had started ends when it is looked at the next time.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        self.engine = (self.make_engine)();
        self.working = work(&self.engine);
    }

    pub fn assert_working(&self) {
        assert!(!self.working.is_finished(), "the engine has ended by itself");
    }
}

fn work(engine: &Engine) -> JoinHandle<Result<(), Problem>> {
    let engine = engine.clone();
    tokio::spawn(async move { engine.run().await })
}

fn registry(platforms: &[SoakPlatform]) -> PlatformRegistry {
    let mut registry = PlatformRegistry::default();
    for platform in platforms {
        let client = ClientCredentials {
            client_id: "client".into(),
            client_secret: "client-secret".to_owned().into(),
        };
        let registered = Registered {
            platform: Arc::new(platform.clone()),
            built_in_client: Some(client),
        };
        registry.register(Realm::Practice, registered);
    }
    registry
}

/// In memory where the system has a place for that: a run commits a million times, and whether a disk keeps its word
/// is not what it asks.
fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(memory)
    {
        return folder;
    }
    tempfile::tempdir().unwrap()
}

/// Clips that every platform takes as they are.
fn make_clip(path: &Path, number: usize) {
    let picture = format!("testsrc2=s=720x1280:r=30:d={}", 4 + number);
    let tone = format!("sine=f=440:r=48000:d={}", 4 + number);
    let made = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &picture])
        .args(["-f", "lavfi", "-i", &tone, "-c:v", "libx264", "-crf", "40"])
        .args(["-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"])
        .args(["-shortest", "-movflags", "+faststart"])
        .arg(path)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success());
}
