//! One engine with everything around it.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    account::{Account, AccountHealth},
    asset::AssetState,
    ids::{AccountId, AssetId, PostId},
    job::{Job, JobSubject},
    platform::Realm,
    post::{Content, Destination},
    problem::Problem,
    publication::Publication,
    publication_state::PublicationState,
};
use daypart_engine::{
    AddOutcome, Engine, EngineEvent, EngineParts, Folders, Pace, PostDraft, Role, ScheduleWhen,
};
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
use jiff::civil;

use crate::{
    clock::{CountingRandomness, VirtualClock},
    platform::ScriptedPlatform,
};

pub struct World {
    pub engine: Engine,
    pub platform: ScriptedPlatform,
    pub clock: VirtualClock,
    pub vault: Arc<MemoryVault>,
    pub account: Account,
    pub clip: PathBuf,
    pub store: Arc<dyn Store>,
    working: std::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
    make_engine: Box<dyn Fn() -> Engine + Send + Sync>,
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
    /// An engine at work, one connected account, one clip on disk.
    pub async fn new() -> Self {
        Self::at_platform(|platform| platform).await
    }

    /// The same at a platform of another make. No rounds are made: what they ask would mix with what a case asks.
    pub async fn at_platform(make: impl FnOnce(ScriptedPlatform) -> ScriptedPlatform) -> Self {
        Self::behind(make, |platform| Arc::new(platform)).await
    }

    /// The same with something between the engine and its platform.
    pub async fn behind(
        make: impl FnOnce(ScriptedPlatform) -> ScriptedPlatform,
        wrap: impl FnOnce(ScriptedPlatform) -> Arc<dyn daypart_ports::platform::Platform>,
    ) -> Self {
        let pace = Pace {
            rounds_every: None,
            ..Pace::default()
        };
        Self::at_pace(pace, make, wrap).await
    }

    /// The same, making rounds once a day.
    pub async fn making_rounds() -> Self {
        let pace = Pace {
            rounds_every: Some(Duration::from_secs(86_400)),
            ..Pace::default()
        };
        Self::at_pace(pace, |platform| platform, |platform| Arc::new(platform)).await
    }

    pub async fn at_pace(
        pace: Pace,
        make: impl FnOnce(ScriptedPlatform) -> ScriptedPlatform,
        wrap: impl FnOnce(ScriptedPlatform) -> Arc<dyn daypart_ports::platform::Platform>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let media_dir = folder.path().join("media");
        std::fs::create_dir(&media_dir).unwrap();
        let clip = folder.path().join("clip.mp4");
        std::fs::write(&clip, clip_bytes()).unwrap();

        let clock = VirtualClock::new();
        let shared_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let mut real = PlatformRegistry::default();
        register_real(&mut real, &shared_clock).unwrap();
        let (_, _, like) = real.iter().next().unwrap();
        let platform = make(ScriptedPlatform::new(like.platform.capabilities(), clock.clone()));
        let mut platforms = PlatformRegistry::default();
        let client = ClientCredentials {
            client_id: "client".into(),
            client_secret: "client-secret".to_owned().into(),
        };
        platforms.register(
            Realm::Practice,
            Registered {
                platform: wrap(platform.clone()),
                built_in_client: Some(client),
            },
        );

        let store: Arc<dyn Store> = Arc::new(
            SqliteStore::open(&folder.path().join("daypart.db"), daypart_store::Role::Owner)
                .await
                .unwrap(),
        );
        let vault = Arc::new(MemoryVault::default());
        let account = Account {
            id: AccountId::from_uuid(uuid::Uuid::from_u128(7)),
            platform: daypart_ports::platform::Platform::capabilities(&platform)
                .platform
                .clone(),
            realm: Realm::Practice,
            remote_user_id: "ada".into(),
            display_name: "Ada".into(),
            avatar_url: None,
            granted_scopes: Vec::new(),
            limits: daypart_domain::delivery_spec::AccountLimits::default(),
            health: AccountHealth::Connected,
            connected_at: clock.now(),
            disconnected_at: None,
        };
        AccountStore::put_account(store.as_ref(), &account).await.unwrap();
        let media = Arc::new(Media::new(MediaToolbox::locate()).with_cache(folder.path().join("cache")));
        let randomness = Arc::new(CountingRandomness::default());
        let (its_store, its_vault) = (store.clone(), vault.clone());
        let seal = folder.path().join("seal.json");
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
                platforms: platforms.clone(),
                browser: Arc::new(NoBrowser),
                redirects: Arc::new(LoopbackRedirects),
                folders: Folders {
                    media: media_dir.clone(),
                },
                pace: Pace {
                    resume_base: Duration::from_millis(1),
                    ..pace
                },
            })
            .sealed_by(Arc::new(daypart_host::FileSeal::new(seal.clone())))
        });
        let engine = make_engine();
        let world = Self {
            engine,
            platform,
            clock,
            vault,
            account,
            clip,
            store,
            working: std::sync::Mutex::default(),
            make_engine,
            _folder: folder,
        };
        world
            .put_grant("access-0", Some("refresh-0"), Duration::from_secs(86_400 * 30))
            .await;
        world.work();
        world
    }

    fn work(&self) {
        let engine = self.engine.clone();
        let working = tokio::spawn(async move {
            let _ = engine.run().await;
        });
        *self.working.lock().unwrap() = Some(working);
    }

    /// Daypart is killed: whatever it was doing ends where it is, without a last word. Then it is started again.
    pub async fn killed(mut self) -> Self {
        let working = self.working.lock().unwrap().take();
        if let Some(working) = working {
            working.abort();
            let _ = working.await;
        }
        // What SQLite was about to write when its caller vanished is written before this, or not at all.
        self.store.put_setting("after the kill", "").await.unwrap();
        self.engine = (self.make_engine)();
        self.work();
        self
    }

    /// The database, for making it fail.
    pub fn database(&self) -> PathBuf {
        self._folder.path().join("daypart.db")
    }

    /// A file or folder beside the database.
    pub fn place(&self, name: &str) -> PathBuf {
        self._folder.path().join(name)
    }

    /// Daypart is ended, whatever it was doing, and started again.
    pub async fn restarted(self) -> Self {
        self.restarted_after(async |_| {}).await
    }

    /// In between `damage` happens to what is on disk.
    pub async fn restarted_after(mut self, damage: impl AsyncFnOnce(&Self)) -> Self {
        self.engine.stop();
        damage(&self).await;
        self.engine = (self.make_engine)();
        self.work();
        self
    }

    /// Every job about the asset, oldest first.
    pub async fn jobs_of_asset(&self, id: AssetId) -> Vec<Job> {
        self.store.jobs_of(JobSubject::Asset(id)).await.unwrap()
    }

    /// Puts a grant into the vault as a sign-in would have left it.
    pub async fn put_grant(&self, access: &str, refresh: Option<&str>, lifetime: Duration) {
        let document = serde_json::json!({
            "access_token": access,
            "refresh_token": refresh,
            "expires_at": self.clock.now() + lifetime,
            "refresh_expires_at": null,
            "scopes": [],
        });
        self.vault
            .put(&SecretName::grant(self.account.id), document.to_string().into())
            .await
            .unwrap();
    }

    pub async fn put_grant_of(
        &self,
        account: AccountId,
        access: &str,
        refresh: Option<&str>,
        lifetime: Duration,
    ) {
        let document = serde_json::json!({
            "access_token": access,
            "refresh_token": refresh,
            "expires_at": self.clock.now() + lifetime,
            "refresh_expires_at": null,
            "scopes": [],
        });
        self.vault
            .put(&SecretName::grant(account), document.to_string().into())
            .await
            .unwrap();
    }

    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// Where the record and its witness lie.
    pub fn folder(&self) -> &std::path::Path {
        self._folder.path()
    }

    /// The grant as it stands in the vault.
    pub async fn grant(&self) -> serde_json::Value {
        use secrecy::ExposeSecret;
        let secret = self
            .vault
            .get(&SecretName::grant(self.account.id))
            .await
            .unwrap()
            .unwrap();
        serde_json::from_str(secret.expose_secret()).unwrap()
    }

    /// A measured asset in a saved draft for the one account.
    pub async fn draft(&self, caption: &str) -> PostDraft {
        let mut news = self.engine.subscribe();
        let outcomes = self
            .engine
            .add_assets(&[self.clip.to_str().unwrap().to_owned()])
            .await
            .unwrap();
        let asset_id = match &outcomes[0] {
            AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset) => asset.id,
            AddOutcome::Refused { problem, .. } => panic!("{problem}"),
        };
        while self.engine.asset(asset_id).await.unwrap().asset.state == AssetState::Probing {
            news.recv().await.unwrap();
        }
        let draft = PostDraft {
            id: None,
            asset_id: Some(asset_id),
            edit: None,
            wishes: daypart_domain::transcode_plan::Wishes::sending(),
            caption: caption.into(),
            destinations: vec![Destination {
                account_id: self.account.id,
                content: Content::default(),
            }],
            planned: None,
        };
        let saved = self.engine.save_post(&draft).await.unwrap();
        PostDraft {
            id: Some(saved.post.id),
            ..draft
        }
    }

    pub async fn post_now(&self, caption: &str) -> PostId {
        let id = self.draft(caption).await.id.unwrap();
        self.engine.schedule_post(id, &ScheduleWhen::Now).await.unwrap();
        id
    }

    pub async fn post_in(&self, wait: Duration) -> PostId {
        let id = self.draft("later").await.id.unwrap();
        self.engine.schedule_post(id, &self.at(wait)).await.unwrap();
        id
    }

    pub fn at(&self, wait: Duration) -> ScheduleWhen {
        let wall: civil::DateTime = (self.clock.now() + wait)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .datetime();
        ScheduleWhen::At {
            wall,
            zone: "UTC".into(),
        }
    }

    pub async fn publication(&self, post: PostId) -> Publication {
        self.engine.post(post).await.unwrap().publications.remove(0)
    }

    /// Waits for the publication to reach `state`.
    pub async fn until(&self, post: PostId, state: PublicationState) -> Publication {
        self.until_that(post, &state.to_string(), |publication| publication.state == state)
            .await
    }

    pub async fn until_that(
        &self,
        post: PostId,
        what: &str,
        is_so: impl Fn(&Publication) -> bool,
    ) -> Publication {
        let mut news = self.engine.subscribe();
        let wait = async {
            loop {
                let publication = self.publication(post).await;
                if is_so(&publication) {
                    return publication;
                }
                let _: Result<EngineEvent, _> = news.recv().await;
            }
        };
        match tokio::time::timeout(Duration::from_secs(30), wait).await {
            Ok(publication) => publication,
            Err(_) => panic!("not {what} within 30 s: {:#?}", self.publication(post).await),
        }
    }
}

impl World {
    /// Waits for the platform to hold something that is so.
    pub async fn until_held(&self, is_so: impl Fn(&crate::platform::Held) -> bool) {
        let mut news = self.engine.subscribe();
        let wait = async {
            while !self.platform.remote().held.values().any(&is_so) {
                let _: Result<EngineEvent, _> = news.recv().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
        assert!(waited.is_ok(), "not held so: {:?}", self.platform.remote().held);
    }
}

impl World {
    /// Waits for the asset's picture.
    pub async fn until_poster(&self, id: AssetId) -> PathBuf {
        let mut news = self.engine.subscribe();
        let wait = async {
            loop {
                if let Some(path) = self.engine.asset(id).await.unwrap().poster_path {
                    return path;
                }
                let _: Result<EngineEvent, _> = news.recv().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait)
            .await
            .expect("no picture within 30 s")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.engine.stop();
    }
}

/// A clip that every platform takes as it is; made once per run.
fn clip_bytes() -> &'static [u8] {
    static CLIP: OnceLock<Vec<u8>> = OnceLock::new();
    CLIP.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        let made = std::process::Command::new("ffmpeg")
            .args([
                "-nostdin",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=720x1280:r=30:d=4",
            ])
            .args([
                "-f",
                "lavfi",
                "-i",
                "sine=f=440:r=48000:d=4",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
            ])
            .args([
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-shortest",
                "-movflags",
                "+faststart",
            ])
            .arg(&path)
            .status()
            .expect("ffmpeg is installed");
        assert!(made.success());
        std::fs::read(path).unwrap()
    })
}
