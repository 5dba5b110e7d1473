//! A platform in memory that fails as the dice fall.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions,
    capabilities::{Capabilities, PublishTrigger},
    chunk_plan::ChunkPlan,
    problem::{Problem, UserAction, codes},
    publication::RemoteHandle,
    reconcile::Sighting,
};
use daypart_ports::{
    clock::Clock,
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, Platform, Profile, SearchEvidence, Session,
        SignInSecrets, Submission, UploadHandle, UploadProgress,
    },
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, oneshot};

use crate::{
    clock::SoakClock,
    dice::{Dice, Roll},
    faults::{self, Call, Fault, Interruption, Interrupts, answer_lost},
    kinds::Kind,
    remote::{Post, Remote},
};

/// What all platforms of a run share.
#[derive(Clone)]
pub struct Surroundings {
    pub dice: Dice,
    pub clock: SoakClock,
    /// How far the list of [`Kind::Lagging`] can be behind.
    pub lag_max: Duration,
    /// Nothing goes wrong any more.
    pub is_calm: Arc<AtomicBool>,
    /// Whoever conducts the run is busy itself and cannot be interrupted.
    pub is_conducting: Arc<AtomicBool>,
    pub interruptions: mpsc::UnboundedSender<Interruption>,
}

#[derive(Clone)]
pub struct SoakPlatform {
    pub kind: Kind,
    capabilities: Arc<Capabilities>,
    remote: Arc<Mutex<Remote>>,
    around: Surroundings,
}

/// A call under way, before its effect.
struct Turn<'a> {
    platform: &'a SoakPlatform,
    call: Call,
    key: (String, String),
    fault: Option<Fault>,
    roll: Roll,
}

impl Turn<'_> {
    /// After the effect: the answer arrives, or does not.
    async fn answered<T>(self, answer: T) -> Result<T, Problem> {
        match self.fault {
            Some(Fault::AnswerLostAfter) => Err(answer_lost(self.call)),
            Some(Fault::CrashAfter) => {
                self.platform
                    .interrupt(Interrupts::Crash, &self.key, answer)
                    .await
            }
            Some(Fault::UserAfter) => self.platform.interrupt(Interrupts::User, &self.key, answer).await,
            _ => Ok(answer),
        }
    }
}

/// The word that a post keeps whatever else its text says.
pub fn token_of(caption: &str) -> String {
    caption.split(' ').next().unwrap_or_default().to_owned()
}

impl SoakPlatform {
    pub fn new(kind: Kind, like: &Capabilities, around: Surroundings) -> Self {
        Self {
            kind,
            capabilities: Arc::new(kind.capabilities(like)),
            remote: Arc::default(),
            around,
        }
    }

    pub fn remote(&self) -> MutexGuard<'_, Remote> {
        self.remote.lock().unwrap()
    }

    fn now(&self) -> Timestamp {
        self.around.clock.now()
    }

    async fn interrupt<T>(
        &self,
        what: Interrupts,
        (token, _): &(String, String),
        then: T,
    ) -> Result<T, Problem> {
        let (go_on, gone_on) = oneshot::channel();
        let interruption = Interruption {
            what,
            token: token.clone(),
            go_on,
        };
        self.around.interruptions.send(interruption).unwrap();
        // Dropped unanswered when the run is over.
        let _ = gone_on.await;
        Ok(then)
    }

    /// Everything that can go wrong before a call has an effect.
    async fn turn(&self, call: Call, token: &str, session: &Session) -> Result<Turn<'_>, Problem> {
        let account = session.remote_user_id.clone();
        let turn = self.counted_turn(call, (token.to_owned(), account.clone()))?;
        let access = format!(
            "access {account} {}",
            self.remote().accepted.get(&account).unwrap_or(&0)
        );
        let is_refused = self.remote().revoked.contains(&account)
            || session.access_token.expose_secret() != access
            || turn.fault == Some(Fault::TokenExpired);
        if turn.fault == Some(Fault::TokenExpired) {
            *self.remote().accepted.entry(account.clone()).or_default() += 1;
        }
        if is_refused {
            return Err(Problem::needs_user(
                codes::AUTH_EXPIRED,
                UserAction::Reconnect,
                "token expired",
            ));
        }
        self.before_effect(turn).await
    }

    fn counted_turn(&self, call: Call, key: (String, String)) -> Result<Turn<'_>, Problem> {
        let (now, dice) = (self.now(), self.around.dice);
        let count = {
            let mut remote = self.remote();
            let count = remote
                .calls
                .entry((call, format!("{} {}", key.0, key.1)))
                .or_default();
            *count += 1;
            *count
        };
        let mut roll = dice.about((call, self.kind as u8, &key, count));
        if self.around.is_calm.load(Ordering::Relaxed) {
            return Ok(self.new_turn(call, key, None, roll));
        }
        if faults::is_down(dice, None, now) {
            return Err(faults::offline());
        }
        if faults::is_down(dice, Some(self.kind as usize), now) {
            return Err(faults::busy());
        }
        let mut fault = faults::fault(&mut roll, call);
        let is_interruption = matches!(
            fault,
            Some(Fault::CrashBefore | Fault::CrashAfter | Fault::UserBefore | Fault::UserAfter)
        );
        if is_interruption && self.around.is_conducting.load(Ordering::Relaxed) {
            fault = None;
        }
        if let Some(fault) = fault {
            *self.remote().faults.entry(fault).or_default() += 1;
        }
        Ok(self.new_turn(call, key, fault, roll))
    }

    fn new_turn(&self, call: Call, key: (String, String), fault: Option<Fault>, roll: Roll) -> Turn<'_> {
        Turn {
            platform: self,
            call,
            key,
            fault,
            roll,
        }
    }

    async fn before_effect<'a>(&'a self, mut turn: Turn<'a>) -> Result<Turn<'a>, Problem> {
        match turn.fault {
            Some(Fault::AnswerLostBefore) => Err(answer_lost(turn.call)),
            Some(Fault::Busy) => Err(faults::busy()),
            Some(Fault::Quota) => Err(faults::quota(self.now(), &mut turn.roll)),
            Some(Fault::GrantRevoked) => {
                self.remote().revoked.push(turn.key.1.clone());
                Ok(turn)
            }
            Some(Fault::UploadForgotten) => {
                let (token, account) = turn.key.clone();
                self.remote().uploads.retain(|_, upload| {
                    upload.post.is_some() || upload.token != token || upload.account != account
                });
                Ok(turn)
            }
            Some(Fault::CrashBefore) => {
                let key = turn.key.clone();
                self.interrupt(Interrupts::Crash, &key, turn).await
            }
            Some(Fault::UserBefore) => {
                let key = turn.key.clone();
                self.interrupt(Interrupts::User, &key, turn).await
            }
            _ => Ok(turn),
        }
    }

    /// The point of no return.
    fn take(&self, upload_id: u64, publish_at: Option<Timestamp>, roll: &mut Roll) -> u64 {
        let now = self.now();
        let mut remote = self.remote();
        let id = remote.new_id();
        let upload = remote.uploads.get_mut(&upload_id).unwrap();
        upload.post = Some(id);
        let is_slow = roll.happens(200);
        let may_refuse = !self.around.is_calm.load(Ordering::Relaxed);
        let post = Post {
            token: upload.token.clone(),
            account: upload.account.clone(),
            taken_at: now,
            ready_at: now + Duration::from_secs(if is_slow { roll.below(120) } else { 0 }),
            public_at: publish_at.map_or(now, |at| at.max(now)),
            is_refused: roll.happens(8) && may_refuse,
            is_withdrawn: false,
        };
        remote.posts.insert(id, post);
        id
    }

    fn upload_id(upload: &UploadHandle) -> u64 {
        upload.public.as_u64().unwrap()
    }

    fn token_of_upload(&self, id: u64) -> String {
        self.remote()
            .uploads
            .get(&id)
            .map(|upload| upload.token.clone())
            .unwrap_or_else(|| format!("upload-{id}"))
    }

    fn sighting(&self, id: u64, post: &Post) -> Sighting {
        let now = self.now();
        if post.is_withdrawn {
            Sighting::NotSeen
        } else if now < post.ready_at {
            Sighting::Processing(RemoteHandle(id.into()))
        } else if post.is_refused {
            Sighting::Refused(Problem::permanent(
                daypart_domain::problem::ErrorCode::new("soak.refused"),
                "not wanted here",
            ))
        } else if now < post.public_at {
            Sighting::Held(RemoteHandle(id.into()))
        } else {
            Sighting::Published(post.receipt(id))
        }
    }

    /// Nothing about this upload: what that means differs.
    fn sighting_without_post(&self, upload: Option<u64>) -> Sighting {
        let (kind, now) = (self.kind, self.now());
        let mut remote = self.remote();
        let open = upload.and_then(|id| remote.open_upload(id, kind.staging_lifetime(), now));
        match (kind, open) {
            (Kind::Lagging, _) => Sighting::NotSeen,
            (_, Some(open)) => Sighting::UploadOpen {
                stored_bytes: open.stored_bytes,
            },
            (Kind::Keyed | Kind::Holding, None) => Sighting::NotSeen,
            (_, None) => Sighting::CannotTell,
        }
    }

    fn post(&self, remote: &RemoteHandle) -> (u64, Option<Post>) {
        let id = remote.0.as_u64().unwrap();
        (id, self.remote().posts.get(&id).cloned())
    }

    async fn turn_about(
        &self,
        call: Call,
        remote: &RemoteHandle,
        session: &Session,
    ) -> Result<Turn<'_>, Problem> {
        let token = self.post(remote).1.map(|post| post.token).unwrap_or_default();
        self.turn(call, &token, session).await
    }
}

#[async_trait]
impl Platform for SoakPlatform {
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
        Err(Problem::bug("accounts are connected by hand here"))
    }

    async fn refresh(&self, _: &ClientCredentials, grant: &Grant) -> Result<Grant, Problem> {
        let token = grant.refresh_token.clone().unwrap();
        let account = token.expose_secret().strip_prefix("refresh ").unwrap().to_owned();
        let turn = self.counted_turn(Call::Refresh, ("sign-in".into(), account.clone()))?;
        let mut turn = self.before_effect(turn).await?;
        if self.remote().revoked.contains(&account) {
            return Err(Problem::needs_user(
                codes::AUTH_REVOKED,
                UserAction::Reconnect,
                "the sign-in is dead",
            ));
        }
        let number = {
            let mut remote = self.remote();
            let number = remote.accepted.entry(account.clone()).or_default();
            *number += 1;
            *number
        };
        let refresh_token = match turn.roll.below(3) {
            0 => None,
            1 => Some(String::new()),
            _ => Some(format!("refresh {account}")),
        };
        let renewed = Grant {
            access_token: format!("access {account} {number}").into(),
            refresh_token: refresh_token.map(SecretString::from),
            expires_at: self.now() + Duration::from_secs(4 * 3_600),
            refresh_expires_at: None,
            scopes: Vec::new(),
        };
        turn.answered(renewed).await
    }

    async fn revoke(&self, _: &ClientCredentials, _: &Grant) -> Result<(), Problem> {
        Ok(())
    }

    fn missing_scopes(&self, _: &[String]) -> Vec<String> {
        Vec::new()
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        Ok(Profile {
            remote_user_id: session.remote_user_id.clone(),
            display_name: session.remote_user_id.clone(),
            avatar_url: None,
        })
    }

    async fn posting_options(&self, _: &Session) -> Result<PostingOptions, Problem> {
        Ok(PostingOptions::default())
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        now: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        let token = token_of(&submission.caption);
        let turn = self.turn(Call::Begin, &token, session).await?;
        let plan = ChunkPlan::new(self.capabilities.chunk_rule, submission.media.size_bytes).unwrap();
        let id = {
            let mut remote = self.remote();
            let id = remote.new_id();
            let upload = crate::remote::Upload {
                token,
                account: session.remote_user_id.clone(),
                stored_bytes: 0,
                opened_at: now,
                publish_at: submission.publish_at,
                post: None,
            };
            remote.uploads.insert(id, upload);
            id
        };
        let handle = UploadHandle {
            public: id.into(),
            secret: format!("secret-address-{id}").into(),
            plan,
            expires_at: self.kind.staging_lifetime().map(|lifetime| now + lifetime),
        };
        turn.answered(handle).await
    }

    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem> {
        let id = Self::upload_id(upload);
        let turn = self
            .turn(Call::Progress, &self.token_of_upload(id), session)
            .await?;
        let lifetime = self.kind.staging_lifetime();
        let now = self.now();
        let progress = match self.remote().open_upload(id, lifetime, now) {
            Some(upload) => match upload.post {
                Some(post) => UploadProgress::Complete(RemoteHandle(post.into())),
                None => UploadProgress::Stored {
                    stored_bytes: upload.stored_bytes,
                },
            },
            None => UploadProgress::Gone,
        };
        turn.answered(progress).await
    }

    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem> {
        let id = Self::upload_id(upload);
        let chunk = source.chunk;
        let is_final = self.capabilities.publish_trigger == PublishTrigger::LastByte
            && chunk.offset + chunk.length == upload.plan.size_bytes;
        let call = if is_final { Call::Final } else { Call::Chunk };
        let mut turn = self.turn(call, &self.token_of_upload(id), session).await?;
        let lifetime = self.kind.staging_lifetime();
        let now = self.now();
        let stored = {
            let mut remote = self.remote();
            match remote.open_upload(id, lifetime, now) {
                Some(upload) if upload.post.is_none() => {
                    // Bytes from another place are not taken; the answer says where to go on.
                    if upload.stored_bytes == chunk.offset {
                        upload.stored_bytes += chunk.length;
                    }
                    Some((upload.stored_bytes, upload.publish_at))
                }
                _ => None,
            }
        };
        (source.sent)(chunk.length);
        let progress = match stored {
            None => UploadProgress::Gone,
            Some((stored_bytes, publish_at)) if stored_bytes == upload.plan.size_bytes && is_final => {
                let post = self.take(id, publish_at, &mut turn.roll);
                UploadProgress::Complete(RemoteHandle(post.into()))
            }
            Some((stored_bytes, _)) => UploadProgress::Stored { stored_bytes },
        };
        turn.answered(progress).await
    }

    /// Only [`Kind::Keyed`] notices a second call for the same upload.
    async fn publish(
        &self,
        session: &Session,
        upload: &UploadHandle,
        submission: &Submission,
    ) -> Result<RemoteHandle, Problem> {
        let id = Self::upload_id(upload);
        let mut turn = self
            .turn(Call::Final, &token_of(&submission.caption), session)
            .await?;
        let lifetime = self.kind.staging_lifetime();
        let now = self.now();
        let known = self
            .remote()
            .open_upload(id, lifetime, now)
            .map(|upload| upload.post);
        let post = match known {
            None => return Err(Problem::transient(codes::UPLOAD_GONE, "no such upload")),
            Some(Some(post)) if self.kind == Kind::Keyed => post,
            Some(_) => self.take(id, submission.publish_at, &mut turn.roll),
        };
        turn.answered(RemoteHandle(post.into())).await
    }

    async fn amend(
        &self,
        session: &Session,
        remote: &RemoteHandle,
        submission: &Submission,
    ) -> Result<(), Problem> {
        let mut turn = self.turn_about(Call::Amend, remote, session).await?;
        let (id, post) = self.post(remote);
        let post = post.unwrap();
        if post.is_public(self.now()) {
            return Err(already_public());
        }
        if turn.roll.happens(200) {
            return Err(Problem::permanent(codes::CANNOT_AMEND, "not by this call"));
        }
        let publish_at = submission.publish_at.unwrap();
        self.remote().posts.get_mut(&id).unwrap().public_at = publish_at;
        turn.answered(()).await
    }

    async fn withdraw(&self, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
        let turn = self.turn_about(Call::Withdraw, remote, session).await?;
        let (id, post) = self.post(remote);
        if post.unwrap().is_public(self.now()) {
            return Err(already_public());
        }
        self.remote().posts.get_mut(&id).unwrap().is_withdrawn = true;
        turn.answered(()).await
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        let turn = self.turn_about(Call::Confirm, remote, session).await?;
        let (id, post) = self.post(remote);
        let confirmation = match self.sighting(id, &post.unwrap()) {
            Sighting::Processing(_) => Confirmation::Pending {
                note: "processing".into(),
            },
            Sighting::Held(_) => Confirmation::Held { note: "held".into() },
            Sighting::Refused(problem) => Confirmation::Refused(problem),
            Sighting::Published(receipt) => Confirmation::Published {
                receipt,
                warnings: Vec::new(),
                more_to_come: false,
            },
            _ => Confirmation::Unknown,
        };
        turn.answered(confirmation).await
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        let token = token_of(&evidence.submission.caption);
        let turn = self.turn(Call::LookFor, &token, session).await?;
        let upload = evidence.upload.as_ref().map(Self::upload_id);
        let now = self.now();
        let found = self
            .remote()
            .posts
            .iter()
            .filter(|(_, post)| post.token == token && post.account == session.remote_user_id)
            .filter(|(_, post)| post.taken_at >= evidence.attempted_at && !post.is_withdrawn)
            .filter(|(id, post)| match self.kind {
                Kind::Lagging => {
                    let lag = self
                        .around
                        .dice
                        .about(("lag", **id))
                        .below(self.around.lag_max.as_secs());
                    now >= post.taken_at + Duration::from_secs(lag) && !post.is_refused
                }
                _ => true,
            })
            .map(|(id, post)| (*id, post.clone()))
            .next();
        let sighting = match (self.kind, found) {
            (Kind::Blind, _) => Sighting::CannotTell,
            (_, Some((id, post))) => self.sighting(id, &post),
            (_, None) => self.sighting_without_post(upload),
        };
        turn.answered(sighting).await
    }
}

fn already_public() -> Problem {
    Problem::permanent(codes::ALREADY_PUBLIC, "it is public")
}
