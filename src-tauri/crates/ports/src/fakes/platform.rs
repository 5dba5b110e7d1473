//! A platform in memory.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::{Read, Seek, SeekFrom},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions,
    capabilities::Capabilities,
    chunk_plan::ChunkPlan,
    problem::{ErrorCode, Problem, RetryClass, UserAction, codes},
    publication::{Receipt, RemoteHandle},
    reconcile::Sighting,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::{
    conformance::platform::{Call, Trouble},
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, Platform, Profile, SearchEvidence, Session,
        SignInSecrets, Submission, UploadHandle, UploadProgress,
    },
};

const ACCESS_TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
const CODE_LIFE: Duration = Duration::from_secs(300);
const SCOPE: &str = "post";

/// A platform that lives in memory, publishes with the last byte and keeps every promise of [`Platform`]. Clones
/// share one world. What it can do is whatever [`Capabilities`] it is given.
#[derive(Clone)]
pub struct MemoryPlatform {
    capabilities: Arc<Capabilities>,
    client: ClientCredentials,
    reachable: bool,
    world: Arc<Mutex<World>>,
}

/// A post as the platform holds it.
#[derive(Debug, Clone)]
pub struct MemoryPost {
    pub caption: String,
    pub bytes: Vec<u8>,
    pub published_at: Timestamp,
}

struct World {
    now: Timestamp,
    drawn: u64,
    codes: BTreeMap<String, Timestamp>,
    access_tokens: BTreeMap<String, Timestamp>,
    refresh_tokens: BTreeSet<String>,
    uploads: BTreeMap<String, Upload>,
    posts: Vec<MemoryPost>,
    troubles: VecDeque<(Call, Trouble)>,
    resent_bytes: u64,
}

struct Upload {
    caption: String,
    bytes: Vec<u8>,
    /// Highest byte that ever arrived, kept or not.
    arrived_bytes: u64,
    post: Option<usize>,
}

impl World {
    fn draw(&mut self, kind: &str) -> String {
        self.drawn += 1;
        format!("{kind}-0123456789-{}", self.drawn)
    }

    fn strike(&mut self, calls: &[Call]) -> Option<Trouble> {
        let index = self.troubles.iter().position(|(call, _)| calls.contains(call))?;
        self.troubles.remove(index).map(|(_, trouble)| trouble)
    }
}

impl MemoryPlatform {
    pub fn new(capabilities: Capabilities, client: ClientCredentials, now: Timestamp) -> Self {
        Self {
            capabilities: Arc::new(capabilities),
            client,
            reachable: true,
            world: Arc::new(Mutex::new(World {
                now,
                drawn: 0,
                codes: BTreeMap::new(),
                access_tokens: BTreeMap::new(),
                refresh_tokens: BTreeSet::new(),
                uploads: BTreeMap::new(),
                posts: Vec::new(),
                troubles: VecDeque::new(),
                resent_bytes: 0,
            })),
        }
    }

    /// The same platform over a network that is down.
    pub fn unreachable(&self) -> Self {
        Self {
            reachable: false,
            ..self.clone()
        }
    }

    pub fn now(&self) -> Timestamp {
        self.world().now
    }

    pub fn advance(&self, by: Duration) {
        self.world().now += by;
    }

    /// The next such call goes wrong in this way.
    pub fn trouble(&self, call: Call, trouble: Trouble) {
        self.world().troubles.push_back((call, trouble));
    }

    /// The code a person's consent gives.
    pub fn consent(&self) -> String {
        let mut world = self.world();
        let code = world.draw("code");
        let now = world.now;
        world.codes.insert(code.clone(), now);
        code
    }

    /// The person takes the app's access away.
    pub fn revoke_all(&self) {
        let mut world = self.world();
        world.access_tokens.clear();
        world.refresh_tokens.clear();
    }

    pub fn posts(&self) -> Vec<MemoryPost> {
        self.world().posts.clone()
    }

    pub fn resent_bytes(&self) -> u64 {
        self.world().resent_bytes
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach(&self) -> Result<MutexGuard<'_, World>, Problem> {
        if self.reachable {
            return Ok(self.world());
        }
        Err(Problem::transient(
            codes::NETWORK_OFFLINE,
            "The platform cannot be reached.",
        ))
    }

    fn enter(&self, session: &Session) -> Result<MutexGuard<'_, World>, Problem> {
        let world = self.reach()?;
        let since = world.access_tokens.get(session.access_token.expose_secret());
        if since.is_some_and(|since| world.now < *since + ACCESS_TOKEN_LIFE) {
            return Ok(world);
        }
        Err(expired())
    }

    fn check_client(&self, client: &ClientCredentials) -> Result<(), Problem> {
        let same = client.client_id == self.client.client_id
            && client.client_secret.expose_secret() == self.client.client_secret.expose_secret();
        if same {
            return Ok(());
        }
        Err(Problem::needs_user(
            codes::AUTH_CLIENT,
            UserAction::EnterCredentials,
            "Unknown app credentials.",
        ))
    }
}

fn expired() -> Problem {
    Problem::transient(codes::AUTH_EXPIRED, "The access token is no longer accepted.")
}

fn lost(in_doubt: bool) -> Problem {
    let code = ErrorCode::new("network.answer_lost");
    if in_doubt {
        Problem::in_doubt(code, "The answer did not arrive.")
    } else {
        Problem::transient(code, "The answer did not arrive.")
    }
}

fn limited(until: Timestamp) -> Problem {
    Problem::new(
        ErrorCode::new("quota.rate"),
        RetryClass::RateLimited { until },
        "Wait.",
    )
}

fn reference(post: usize) -> RemoteHandle {
    RemoteHandle(json!({ "post": post }))
}

fn grant(world: &mut World, refresh_token: String) -> Grant {
    let access_token = world.draw("access");
    let now = world.now;
    world.access_tokens.insert(access_token.clone(), now);
    Grant {
        access_token: SecretString::from(access_token),
        refresh_token: Some(SecretString::from(refresh_token)),
        expires_at: now + ACCESS_TOKEN_LIFE,
        refresh_expires_at: None,
        scopes: vec![SCOPE.into()],
    }
}

/// The chunk's bytes, after the file was measured again.
fn read_chunk(source: &ChunkSource, file_bytes: u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => codes::FILE_MISSING,
            _ => codes::FILE_UNREADABLE,
        };
        Problem::needs_user(code, UserAction::ReplaceFile, "The file cannot be read.").caused_by(&error)
    };
    let mut file = std::fs::File::open(&source.path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() != file_bytes {
        return Err(Problem::needs_user(
            codes::FILE_CHANGED,
            UserAction::ReplaceFile,
            "The file was changed.",
        ));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(source.chunk.offset))
        .map_err(unreadable)?;
    file.take(source.chunk.length)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

#[async_trait]
impl Platform for MemoryPlatform {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn redirect_path(&self) -> &'static str {
        "/back"
    }

    fn authorize_url(
        &self,
        client: &ClientCredentials,
        redirect_uri: &str,
        secrets: &SignInSecrets,
    ) -> Result<String, Problem> {
        Ok(format!(
            "memory://consent?client={}&state={}&redirect={redirect_uri}",
            client.client_id, secrets.state
        ))
    }

    async fn exchange_code(
        &self,
        client: &ClientCredentials,
        code: &SecretString,
        _redirect_uri: &str,
        _secrets: &SignInSecrets,
    ) -> Result<Grant, Problem> {
        let mut world = self.reach()?;
        self.check_client(client)?;
        let given_at = world.codes.remove(code.expose_secret());
        if given_at.is_none_or(|at| world.now > at + CODE_LIFE) {
            return Err(Problem::needs_user(
                ErrorCode::new("auth.code_refused"),
                UserAction::Reconnect,
                "The code was used or is too old.",
            ));
        }
        let refresh_token = world.draw("refresh");
        world.refresh_tokens.insert(refresh_token.clone());
        Ok(grant(&mut world, refresh_token))
    }

    async fn refresh(&self, client: &ClientCredentials, old: &Grant) -> Result<Grant, Problem> {
        let mut world = self.reach()?;
        self.check_client(client)?;
        match &old.refresh_token {
            Some(token) if world.refresh_tokens.contains(token.expose_secret()) => {
                let token = token.expose_secret().to_owned();
                Ok(grant(&mut world, token))
            }
            _ => Err(Problem::needs_user(
                codes::AUTH_REVOKED,
                UserAction::Reconnect,
                "The sign-in expired.",
            )),
        }
    }

    async fn revoke(&self, _client: &ClientCredentials, grant: &Grant) -> Result<(), Problem> {
        let mut world = self.reach()?;
        world.access_tokens.remove(grant.access_token.expose_secret());
        if let Some(token) = &grant.refresh_token {
            world.refresh_tokens.remove(token.expose_secret());
        }
        Ok(())
    }

    fn missing_scopes(&self, granted: &[String]) -> Vec<String> {
        if granted.iter().any(|scope| scope == SCOPE) {
            Vec::new()
        } else {
            vec![SCOPE.into()]
        }
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        self.enter(session).map(|_| Profile {
            remote_user_id: "somebody".into(),
            display_name: "Some Body".into(),
            avatar_url: None,
        })
    }

    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem> {
        self.enter(session).map(|_| PostingOptions::default())
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        _now: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        let mut world = self.enter(session)?;
        match world.strike(&[Call::Begin, Call::Options]) {
            None => {}
            Some(Trouble::Throttled) => return Err(limited(world.now + Duration::from_secs(30))),
            Some(Trouble::DailyLimit) => return Err(limited(world.now + Duration::from_secs(86_400))),
            Some(Trouble::TokenExpired) => return Err(expired()),
            Some(_) => return Err(lost(false)),
        }
        let plan = ChunkPlan::new(self.capabilities.chunk_rule, submission.media.size_bytes)
            .ok_or_else(|| Problem::bug("an empty file"))?;
        let id = world.draw("upload");
        let upload = Upload {
            caption: submission.caption.clone(),
            bytes: Vec::new(),
            arrived_bytes: 0,
            post: None,
        };
        world.uploads.insert(id.clone(), upload);
        Ok(UploadHandle {
            public: json!({}),
            secret: SecretString::from(id),
            plan,
            expires_at: None,
        })
    }

    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem> {
        let mut world = self.enter(session)?;
        match world.strike(&[Call::Progress]) {
            None => {}
            Some(Trouble::TokenExpired) => {
                world.access_tokens.remove(session.access_token.expose_secret());
                return Err(expired());
            }
            Some(_) => return Err(lost(false)),
        }
        Ok(match world.uploads.get(upload.secret.expose_secret()) {
            None => UploadProgress::Gone,
            Some(Upload { post: Some(post), .. }) => UploadProgress::Complete(reference(*post)),
            Some(open) => UploadProgress::Stored {
                stored_bytes: open.bytes.len() as u64,
            },
        })
    }

    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem> {
        let chunk = source.chunk;
        let bytes = read_chunk(&source, upload.plan.size_bytes)?;
        let mut world = self.enter(session)?;
        let calls: &[Call] = if chunk.is_last {
            &[Call::Chunk, Call::LastChunk]
        } else {
            &[Call::Chunk]
        };
        let trouble = world.strike(calls);
        let id = upload.secret.expose_secret();
        if trouble == Some(Trouble::UploadGone) {
            world.uploads.remove(id);
        }
        let now = world.now;
        let next_post = world.posts.len();
        let Some(open) = world.uploads.get_mut(id) else {
            return Ok(UploadProgress::Gone);
        };
        let end = chunk.offset + chunk.length;
        let resent = open.arrived_bytes.min(end).saturating_sub(chunk.offset);
        open.arrived_bytes = open.arrived_bytes.max(end);
        let done = !matches!(
            trouble,
            Some(Trouble::LostBefore | Trouble::GatewayBefore | Trouble::CutAfter(_))
        );
        if done && open.bytes.len() as u64 == chunk.offset {
            open.bytes.extend_from_slice(&bytes);
        }
        let stored_bytes = open.bytes.len() as u64;
        let complete = stored_bytes == upload.plan.size_bytes;
        if complete && open.post.is_none() {
            open.post = Some(next_post);
            let post = MemoryPost {
                caption: open.caption.clone(),
                bytes: open.bytes.clone(),
                published_at: now,
            };
            world.posts.push(post);
        }
        world.resent_bytes += resent;
        (source.sent)(chunk.length);
        match trouble {
            None if complete => Ok(UploadProgress::Complete(reference(next_post))),
            None => Ok(UploadProgress::Stored { stored_bytes }),
            Some(_) => Err(lost(chunk.is_last)),
        }
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        let world = self.enter(session)?;
        let index = remote.0["post"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        let Some((index, post)) = index.and_then(|index| Some((index, world.posts.get(index)?))) else {
            return Ok(Confirmation::Unknown);
        };
        Ok(Confirmation::Published {
            receipt: Receipt {
                remote_id: Some(index.to_string()),
                url: Some(format!("memory://post/{index}")),
                published_at: post.published_at,
                visibility: Some("public".into()),
                read_back: true,
            },
            warnings: Vec::new(),
            more_to_come: false,
        })
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        if let Some(remote) = &evidence.remote {
            return Ok(match self.confirm(session, remote).await? {
                Confirmation::Published { receipt, .. } => Sighting::Published(receipt),
                _ => Sighting::NotSeen,
            });
        }
        let Some(upload) = &evidence.upload else {
            return Ok(Sighting::CannotTell);
        };
        Ok(match self.upload_progress(session, upload).await? {
            UploadProgress::Complete(remote) => Sighting::Processing(remote),
            UploadProgress::Stored { stored_bytes } => Sighting::UploadOpen { stored_bytes },
            UploadProgress::Gone => Sighting::CannotTell,
        })
    }
}
