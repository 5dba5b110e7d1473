//! A platform in memory that publishes with the last byte, and fails as told.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions,
    capabilities::{Capabilities, LookUp, NativeSchedule, PollPlan, PublishTrigger},
    chunk_plan::{ChunkPlan, ChunkRule},
    delivery_spec::AccountLimits,
    extra::ExtraSpec,
    problem::{ErrorCode, Problem, RetryClass, UserAction, codes},
    publication::{Receipt, RemoteHandle},
    quota::{Quota, QuotaScope, QuotaWindow},
    reconcile::Sighting,
};
use daypart_ports::{
    clock::Clock,
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, Live, Platform, Profile, SearchEvidence,
        Session, SignInSecrets, Submission, UploadHandle, UploadProgress,
    },
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::VirtualClock;

const POLLS: &[(Duration, u32)] = &[(Duration::from_secs(10), 6)];

const EXTRAS: &[ExtraSpec] = &[ExtraSpec {
    key: "cover",
    label: "cover",
    early: false,
}];
const EARLY_EXTRAS: &[ExtraSpec] = &[
    ExtraSpec {
        key: "cover",
        label: "cover",
        early: true,
    },
    ExtraSpec {
        key: "captions",
        label: "captions",
        early: true,
    },
];

pub const CHUNK_BYTES: u64 = 16_384;

/// What happens to one call of the platform.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The effect happens, the answer is lost.
    LoseAnswerAfterEffect,
    /// Neither effect nor answer.
    LoseAnswerBeforeEffect,
    /// A clear answer that says no.
    Refuse(Problem),
    /// The platform forgets all open uploads.
    ForgetUploads,
    /// Nothing goes wrong.
    Fine,
    /// The bytes do not arrive, and no answer ever comes; [`ScriptedPlatform::hung`] returns.
    Hang,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub publish_at: Timestamp,
    pub caption: String,
}

#[derive(Default)]
pub struct Remote {
    pub uploads: BTreeMap<u64, u64>,
    pub posts: Vec<u64>,
    pub captions: Vec<String>,
    pub chunk_faults: VecDeque<Fault>,
    pub last_chunk_faults: VecDeque<Fault>,
    pub refresh_answers: VecDeque<Result<Option<String>, Problem>>,
    pub refreshes: u32,
    /// What looking at the account brings; when empty, the account as it is.
    pub profile_answers: VecDeque<Problem>,
    pub profiles_asked: u32,
    /// What a refresh says about the end of the whole sign-in.
    pub sign_in_ends_at: Option<Timestamp>,
    pub refused_tokens: Vec<String>,
    pub bytes_received: u64,
    /// What the account may send.
    pub limits: AccountLimits,
    /// How many readings still find it processing.
    pub still_processing: u32,
    /// Nothing of it can be reached.
    pub is_cut_off: bool,
    /// The next readings find it refused, each for this reason.
    pub refusals: VecDeque<Problem>,
    /// The platform cannot be asked what became of an upload.
    pub is_blind: bool,
    /// What it holds: upload, when it publishes it, and with which words.
    pub held: BTreeMap<u64, Held>,
    pub amend_answers: VecDeque<Problem>,
    /// Opening an upload is refused for these reasons.
    pub begin_answers: VecDeque<Problem>,
    pub begun: u32,
    /// Questions about an open upload are refused for these reasons.
    pub progress_answers: VecDeque<Problem>,
    pub extra_answers: VecDeque<Problem>,
    pub extras_made: Vec<String>,
    /// The file of the last cover, and of the last captions, as they were when they were added.
    pub cover_jpeg: Vec<u8>,
    pub captions_srt: String,
    pub file_paths: Vec<std::path::PathBuf>,
    /// When the cover's frame plays, as told with each upload.
    pub cover_times_ms: Vec<Option<u64>>,
    wanted_times: BTreeMap<u64, Timestamp>,
    next_id: u64,
}

#[derive(Clone)]
pub struct ScriptedPlatform {
    capabilities: Arc<Capabilities>,
    remote: Arc<Mutex<Remote>>,
    clock: VirtualClock,
    hanging: Arc<tokio::sync::Notify>,
}

impl ScriptedPlatform {
    /// Waits for a call that hangs.
    pub async fn hung(&self) {
        let hung = tokio::time::timeout(Duration::from_secs(30), self.hanging.notified()).await;
        hung.expect("a call hangs");
    }

    /// Takes what `like` takes and counts as `like` counts, but holds everything in memory.
    pub fn new(like: &Capabilities, clock: VirtualClock) -> Self {
        let mut capabilities = like.clone();
        capabilities.publish_trigger = PublishTrigger::LastByte;
        capabilities.chunk_rule = ChunkRule::Equal {
            chunk_bytes: CHUNK_BYTES,
        };
        capabilities.text_rules.clear();
        capabilities.options.clear();
        capabilities.option_rules.clear();
        capabilities.staging_lifetime = Some(Duration::from_secs(3_600));
        capabilities.native_schedule = None;
        capabilities.extras = EXTRAS;
        capabilities.look_up = LookUp {
            by_handle: true,
            ..LookUp::default()
        };
        capabilities.confirm_polls = PollPlan {
            steps: POLLS,
            give_up_after: Duration::from_secs(86_400),
        };
        Self {
            capabilities: Arc::new(capabilities),
            remote: Arc::default(),
            clock,
            hanging: Arc::default(),
        }
    }

    /// The same platform, which also holds a time when it is told ten minutes ahead.
    pub fn holding(mut self) -> Self {
        Arc::make_mut(&mut self.capabilities).native_schedule = Some(NativeSchedule {
            lead_min: Duration::from_secs(600),
            lead_max: None,
        });
        self
    }

    /// The same platform, to which covers and captions can be added before a post is public.
    pub fn adding_early(mut self) -> Self {
        Arc::make_mut(&mut self.capabilities).extras = EARLY_EXTRAS;
        self
    }

    /// The same platform, which takes this many posts of an account in 24 hours.
    pub fn with_quota(mut self, posts: u32) -> Self {
        Arc::make_mut(&mut self.capabilities).quotas = vec![Quota {
            label: "posts",
            posts,
            scope: QuotaScope::Account,
            window: QuotaWindow::Rolling(Duration::from_secs(86_400)),
            source: "test",
        }];
        self
    }

    /// What it holds goes public at its time, whoever looks.
    fn release(&self) {
        let now = self.clock.now();
        let mut remote = self.remote();
        let due: Vec<u64> = remote
            .held
            .iter()
            .filter(|(_, held)| held.publish_at <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            remote.held.remove(&id);
            remote.posts.push(id);
        }
    }

    fn is_held(&self, id: u64) -> bool {
        self.release();
        self.remote().held.contains_key(&id)
    }

    pub fn remote(&self) -> MutexGuard<'_, Remote> {
        self.remote.lock().unwrap()
    }

    fn upload_id(upload: &UploadHandle) -> u64 {
        upload.public.as_u64().unwrap()
    }

    fn accept(&self, session: &Session) -> Result<(), Problem> {
        if self.remote().is_cut_off {
            return Err(Problem::transient(codes::NETWORK_OFFLINE, "the network is gone"));
        }
        let token = session.access_token.expose_secret();
        if self
            .remote()
            .refused_tokens
            .iter()
            .any(|refused| refused == token)
        {
            return Err(Problem::needs_user(
                codes::AUTH_EXPIRED,
                UserAction::Reconnect,
                "token expired",
            ));
        }
        Ok(())
    }

    pub fn is_posted(&self, id: u64) -> bool {
        self.release();
        self.remote().posts.contains(&id)
    }

    pub fn receipt(&self, id: u64) -> Receipt {
        Receipt {
            remote_id: Some(id.to_string()),
            url: Some(format!("http://127.0.0.1/post/{id}")),
            published_at: self.clock.now(),
            visibility: Some("public".into()),
            read_back: true,
        }
    }
}

#[async_trait]
impl Platform for ScriptedPlatform {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn redirect_path(&self) -> &'static str {
        ""
    }

    fn authorize_url(&self, _: &ClientCredentials, _: &str, _: &SignInSecrets) -> Result<String, Problem> {
        Ok("http://127.0.0.1/".into())
    }

    async fn exchange_code(
        &self,
        _: &ClientCredentials,
        _: &SecretString,
        _: &str,
        _: &SignInSecrets,
    ) -> Result<Grant, Problem> {
        Err(Problem::bug("these cases connect by hand"))
    }

    async fn refresh(&self, _: &ClientCredentials, _: &Grant) -> Result<Grant, Problem> {
        // Others get their turn, so that two callers would really overlap.
        tokio::task::yield_now().await;
        let mut remote = self.remote();
        remote.refreshes += 1;
        let number = remote.refreshes;
        let refresh_token = remote.refresh_answers.pop_front().unwrap_or(Ok(None))?;
        Ok(Grant {
            access_token: format!("access-{number}").into(),
            refresh_token: refresh_token.map(SecretString::from),
            expires_at: self.clock.now() + Duration::from_secs(3_600),
            refresh_expires_at: remote.sign_in_ends_at,
            scopes: Vec::new(),
        })
    }

    async fn revoke(&self, _: &ClientCredentials, _: &Grant) -> Result<(), Problem> {
        Ok(())
    }

    fn missing_scopes(&self, _: &[String]) -> Vec<String> {
        Vec::new()
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        self.accept(session)?;
        let mut remote = self.remote();
        remote.profiles_asked += 1;
        match remote.profile_answers.pop_front() {
            Some(problem) => Err(problem),
            None => Ok(Profile {
                remote_user_id: session.remote_user_id.clone(),
                display_name: "Ada".into(),
                avatar_url: None,
            }),
        }
    }

    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem> {
        self.accept(session)?;
        Ok(PostingOptions {
            limits: self.remote().limits,
            ..PostingOptions::default()
        })
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        _: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        self.accept(session)?;
        let mut remote = self.remote();
        if let Some(problem) = remote.begin_answers.pop_front() {
            return Err(problem);
        }
        remote.begun += 1;
        remote.next_id += 1;
        let id = remote.next_id;
        remote.uploads.insert(id, 0);
        if let Some(publish_at) = submission.publish_at {
            remote.wanted_times.insert(id, publish_at);
        }
        remote.captions.push(submission.caption.clone());
        let cover = submission.accompaniment.cover.as_ref();
        remote.cover_times_ms.push(cover.and_then(|cover| cover.at_ms));
        let plan = ChunkPlan::new(self.capabilities.chunk_rule, submission.media.size_bytes).unwrap();
        assert!(plan.chunk_count >= 3, "the clip is too small to show anything");
        Ok(UploadHandle {
            public: id.into(),
            secret: format!("secret-address-{id}").into(),
            plan,
            expires_at: None,
        })
    }

    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem> {
        self.accept(session)?;
        if let Some(problem) = self.remote().progress_answers.pop_front() {
            return Err(problem);
        }
        let id = Self::upload_id(upload);
        if self.is_posted(id) || self.is_held(id) {
            return Ok(UploadProgress::Complete(RemoteHandle(id.into())));
        }
        Ok(match self.remote().uploads.get(&id) {
            Some(stored_bytes) => UploadProgress::Stored {
                stored_bytes: *stored_bytes,
            },
            None => UploadProgress::Gone,
        })
    }

    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem> {
        self.accept(session)?;
        let id = Self::upload_id(upload);
        let chunk = source.chunk;
        let is_end = chunk.offset + chunk.length == upload.plan.size_bytes;
        let fault = if is_end {
            self.remote().last_chunk_faults.pop_front()
        } else {
            self.remote().chunk_faults.pop_front()
        };
        if matches!(fault, Some(Fault::Hang)) {
            self.hanging.notify_one();
            std::future::pending::<()>().await;
        }
        let mut remote = self.remote();
        let lost = || Problem::in_doubt(ErrorCode::new("test.answer_lost"), "the answer was lost");
        match &fault {
            Some(Fault::Refuse(problem)) => return Err(problem.clone()),
            Some(Fault::LoseAnswerBeforeEffect) => return Err(lost()),
            Some(Fault::ForgetUploads) => remote.uploads.clear(),
            Some(Fault::LoseAnswerAfterEffect | Fault::Fine | Fault::Hang) | None => {}
        }
        let Some(stored) = remote.uploads.get_mut(&id) else {
            return Ok(UploadProgress::Gone);
        };
        assert_eq!(*stored, chunk.offset, "bytes out of order");
        *stored += chunk.length;
        let stored_bytes = *stored;
        remote.bytes_received += chunk.length;
        (source.sent)(chunk.length);
        if is_end {
            let caption = remote.captions[usize::try_from(id).unwrap() - 1].clone();
            match remote.wanted_times.get(&id).copied() {
                Some(publish_at) if publish_at > self.clock.now() => {
                    remote.held.insert(id, Held { publish_at, caption });
                }
                _ => remote.posts.push(id),
            }
            remote.uploads.remove(&id);
        }
        if fault.is_some_and(|fault| matches!(fault, Fault::LoseAnswerAfterEffect)) {
            return Err(lost());
        }
        Ok(if is_end {
            UploadProgress::Complete(RemoteHandle(id.into()))
        } else {
            UploadProgress::Stored { stored_bytes }
        })
    }

    async fn amend(
        &self,
        session: &Session,
        remote: &RemoteHandle,
        submission: &Submission,
    ) -> Result<(), Problem> {
        self.accept(session)?;
        let id = remote.0.as_u64().unwrap();
        if self.is_posted(id) {
            return Err(already_public());
        }
        let mut remote = self.remote();
        if let Some(problem) = remote.amend_answers.pop_front() {
            return Err(problem);
        }
        let held = remote.held.get_mut(&id).expect("it is held");
        held.publish_at = submission.publish_at.unwrap();
        held.caption.clone_from(&submission.caption);
        Ok(())
    }

    async fn withdraw(&self, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
        self.accept(session)?;
        let id = remote.0.as_u64().unwrap();
        if self.is_posted(id) {
            return Err(already_public());
        }
        self.remote().held.remove(&id);
        Ok(())
    }

    fn wanted_extras(&self, submission: &Submission) -> Vec<&'static str> {
        let along = &submission.accompaniment;
        let cover = along.cover.as_ref().map(|_| "cover");
        let captions = along.captions.as_ref().map(|_| "captions");
        cover.into_iter().chain(captions).collect()
    }

    async fn add_extra(
        &self,
        session: &Session,
        live: Live<'_>,
        submission: &Submission,
        key: &str,
    ) -> Result<(), Problem> {
        self.accept(session)?;
        assert!(live.remote.is_some() || live.receipt.is_some());
        let along = &submission.accompaniment;
        let jpeg = along.cover.as_ref().and_then(|cover| cover.jpeg.clone());
        let srt = along.captions.as_ref().and_then(|captions| captions.srt.clone());
        let mut remote = self.remote();
        if let Some(problem) = remote.extra_answers.pop_front() {
            return Err(problem);
        }
        if let Some(path) = jpeg {
            remote.cover_jpeg = std::fs::read(&path).unwrap();
            remote.file_paths.push(path);
        }
        if let Some(path) = srt {
            remote.captions_srt = std::fs::read_to_string(&path).unwrap();
            remote.file_paths.push(path);
        }
        remote.extras_made.push(key.to_owned());
        Ok(())
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        self.accept(session)?;
        let id = remote.0.as_u64().unwrap();
        let waiting = self.remote().still_processing;
        if waiting > 0 {
            self.remote().still_processing = waiting - 1;
            let note = "processing".to_owned();
            return Ok(Confirmation::Pending { note });
        }
        let refusal = self.remote().refusals.pop_front();
        if let Some(problem) = refusal {
            self.remote().posts.retain(|post| *post != id);
            return Ok(Confirmation::Refused(problem));
        }
        if self.is_held(id) {
            let note = "held".to_owned();
            return Ok(Confirmation::Held { note });
        }
        Ok(if self.is_posted(id) {
            Confirmation::Published {
                receipt: self.receipt(id),
                warnings: Vec::new(),
                more_to_come: false,
            }
        } else {
            Confirmation::Unknown
        })
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        self.accept(session)?;
        if self.remote().is_blind {
            return Ok(Sighting::CannotTell);
        }
        let id = Self::upload_id(evidence.upload.as_ref().expect("the handle was kept"));
        if self.is_held(id) {
            return Ok(Sighting::Held(RemoteHandle(id.into())));
        }
        if self.is_posted(id) {
            return Ok(Sighting::Published(self.receipt(id)));
        }
        Ok(match self.remote().uploads.get(&id) {
            Some(stored_bytes) => Sighting::UploadOpen {
                stored_bytes: *stored_bytes,
            },
            None => Sighting::CannotTell,
        })
    }
}

fn already_public() -> Problem {
    Problem::permanent(codes::ALREADY_PUBLIC, "it is public")
}

/// A clear passing fault.
pub fn busy() -> Problem {
    Problem::transient(ErrorCode::new("test.busy"), "the platform is busy")
}

/// A quota that ends at `until`.
pub fn limited(until: Timestamp) -> Problem {
    Problem::new(
        ErrorCode::new("test.quota"),
        RetryClass::RateLimited { until },
        "the quota is used up",
    )
}
