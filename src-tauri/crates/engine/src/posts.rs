//! Composing and scheduling.

use std::collections::BTreeMap;

use daypart_domain::{
    account::PostingOptions,
    asset::{Asset, AssetState},
    edit::Edit,
    ids::{AccountId, AssetId, JobId, PostId, PublicationId},
    job::{JobKind, JobSubject},
    lateness::LatenessPolicy,
    post::{Destination, Post},
    preflight::{self, Blocker, Preflight, Treatment},
    problem::{ErrorCode, Problem, UserAction},
    publication::{NeedsUserReason, Publication},
    publication_state::{Mover, PublicationState},
    schedule::LocalSchedule,
    transcode_plan::Wishes,
    transfer::Transfer,
};
use daypart_ports::store::{NewJob, PublicationChange, Transition};
use jiff::{Timestamp, civil};

use crate::{Engine, EngineEvent, assets::AssetOverview, timeline::Seen};

/// What the composer holds. Saved on every pause in typing.
#[derive(Debug, Clone, PartialEq)]
pub struct PostDraft {
    /// `None` makes a new post.
    pub id: Option<PostId>,
    pub asset_id: Option<AssetId>,
    /// `None` sends the video as it is.
    pub edit: Option<Edit>,
    /// How its files are made.
    pub wishes: Wishes,
    pub caption: String,
    pub destinations: Vec<Destination>,
    /// What the user has picked so far; scheduling happens by [`Engine::schedule_post`] only.
    pub planned: Option<(civil::DateTime, String)>,
}

/// A post with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PostOverview {
    pub post: Post,
    pub asset: Option<AssetOverview>,
    /// In the order the destinations were ticked.
    pub publications: Vec<Publication>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ScheduleWhen {
    Now,
    At { wall: civil::DateTime, zone: String },
}

/// The pre-flight of one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct DestinationCheck {
    pub account_id: AccountId,
    pub preflight: Preflight,
}

impl Engine {
    /// Not deleted posts, newest change first.
    pub async fn posts(&self) -> Result<Vec<PostOverview>, Problem> {
        let mut overviews = Vec::new();
        for post in self.parts().store.posts().await? {
            overviews.push(self.post_overview(post).await?);
        }
        Ok(overviews)
    }

    /// # Errors
    /// `post.unknown`.
    pub async fn post(&self, id: PostId) -> Result<PostOverview, Problem> {
        let post = self.parts().store.post(id).await?.ok_or_else(unknown_post)?;
        self.post_overview(post).await
    }

    async fn post_overview(&self, post: Post) -> Result<PostOverview, Problem> {
        let publications = self.parts().store.publications_of(post.id).await?;
        let asset = match post.asset_id {
            Some(id) => self
                .parts()
                .store
                .asset(id)
                .await?
                .map(|asset| self.overview(asset)),
            None => None,
        };
        Ok(PostOverview {
            post,
            asset,
            publications,
        })
    }

    /// Saves what was typed. A scheduled post stays scheduled and is prepared anew; one whose bytes are on their
    /// way is refused with `post.busy` and nothing changes.
    pub async fn save_post(&self, draft: &PostDraft) -> Result<PostOverview, Problem> {
        let now = self.now();
        let id = draft.id.unwrap_or_else(|| PostId::from_uuid(self.new_uuid()));
        let known = self.parts().store.post(id).await?;
        let before = self.parts().store.publications_of(id).await?;
        let schedule = match (&draft.planned, before.iter().any(is_planned)) {
            // The due time of a scheduled post moves through `schedule_post` only.
            (_, true) => known.as_ref().and_then(|post| post.schedule.clone()),
            (Some((wall, zone)), false) => Some(LocalSchedule::resolve(*wall, zone)?),
            (None, false) => None,
        };
        let post = Post {
            id,
            asset_id: draft.asset_id,
            edit: draft.edit.clone(),
            wishes: draft.wishes,
            caption: draft.caption.clone(),
            schedule,
            created_at: known.as_ref().map_or(now, |post| post.created_at),
            updated_at: now,
            deleted_at: None,
        };
        // A further destination does as the others.
        let lateness = match before.first() {
            Some(other) => other.lateness,
            None => self.default_lateness().await?,
        };
        let publications: Vec<Publication> = draft
            .destinations
            .iter()
            .map(
                |destination| match before.iter().find(|p| p.account_id == destination.account_id) {
                    Some(known) => Publication {
                        content: destination.content.clone(),
                        updated_at: now,
                        ..known.clone()
                    },
                    None => self.new_publication(id, destination, lateness, now),
                },
            )
            .collect();
        self.heed_held(known.as_ref(), &post, &before, &publications)
            .await?;
        self.parts().store.save_post(&post, &publications).await?;
        let shared_changed = known.is_some_and(|known| {
            known.caption != post.caption
                || known.asset_id != post.asset_id
                || known.edit != post.edit
                || known.wishes != post.wishes
        });
        for publication in &before {
            let content_changed = publications
                .iter()
                .any(|after| after.id == publication.id && after.content != publication.content);
            if shared_changed || content_changed {
                self.prepare_anew(publication, "the post was changed").await?;
            }
        }
        self.emit(EngineEvent::PostChanged(id));
        self.post(id).await
    }

    fn new_publication(
        &self,
        post_id: PostId,
        destination: &Destination,
        lateness: LatenessPolicy,
        now: Timestamp,
    ) -> Publication {
        Publication {
            id: PublicationId::from_uuid(self.new_uuid()),
            post_id,
            account_id: destination.account_id,
            content: destination.content.clone(),
            state: PublicationState::Draft,
            needs_user: None,
            problem: None,
            due_at: None,
            lateness,
            postponed_from: None,
            remote: None,
            receipt: None,
            warnings: Vec::new(),
            extras: Vec::new(),
            transfer: Transfer::default(),
            created_at: now,
            updated_at: now,
        }
    }

    /// What was staged with the old text is thrown away; nothing of it was public.
    async fn prepare_anew(&self, publication: &Publication, reason: &str) -> Result<(), Problem> {
        if matches!(
            publication.state,
            PublicationState::Ready | PublicationState::Staged
        ) {
            self.plan_from(
                publication,
                publication.due_at.unwrap_or_else(|| self.now()),
                reason,
            )
            .await?;
        }
        Ok(())
    }

    pub async fn delete_post(&self, id: PostId) -> Result<(), Problem> {
        for publication in self.parts().store.publications_of(id).await? {
            if !publication.state.is_editable() && !publication.state.is_final() {
                return Err(busy());
            }
        }
        self.unschedule_post(id).await?;
        self.set_post_deleted(id, Some(self.now())).await
    }

    /// Brings a deleted post back, as a draft.
    pub async fn restore_post(&self, id: PostId) -> Result<(), Problem> {
        self.set_post_deleted(id, None).await
    }

    async fn set_post_deleted(&self, id: PostId, at: Option<Timestamp>) -> Result<(), Problem> {
        if !self.parts().store.set_post_deleted(id, at).await? {
            return Err(unknown_post());
        }
        self.emit(EngineEvent::PostChanged(id));
        Ok(())
    }

    /// The pre-flight of every destination. `posting` holds what the accounts offer, as far as it was read.
    pub async fn check_post(
        &self,
        id: PostId,
        posting: &BTreeMap<AccountId, PostingOptions>,
    ) -> Result<Vec<DestinationCheck>, Problem> {
        let overview = self.post(id).await?;
        let asset = overview.asset.as_ref().map(|overview| &overview.asset);
        let info = asset.and_then(Asset::media_info);
        let picture = asset.and_then(Asset::picture_info);
        let edit = overview.post.edit.clone().unwrap_or_default();
        let seen = match (info, overview.asset.as_ref().map(|overview| &overview.asset)) {
            (Some(info), Some(asset)) => self.seen_of(asset, info).await?,
            _ => Seen::default(),
        };
        let treatment = Treatment {
            edit: &edit,
            wishes: overview.post.wishes,
            analysis: &seen.analysis,
            keyframes_us: seen.keyframes_us.as_deref(),
        };
        let captions = self.captions_blocker(&edit).await;
        let mut checks = Vec::new();
        for publication in &overview.publications {
            let account = self.account(publication.account_id).await?;
            let adapter = self.adapter(&account)?;
            let (capabilities, posting) = (adapter.capabilities(), posting.get(&account.id));
            let limits = posting.map_or(account.limits, |read| read.limits);
            let (caption, content) = (&overview.post.caption, &publication.content);
            let mut preflight = match picture {
                Some(picture) => preflight::check_picture(capabilities, picture, caption, content, posting),
                None => preflight::check(capabilities, info, treatment, caption, content, posting, limits),
            };
            preflight.blockers.extend(captions.clone());
            preflight
                .findings
                .extend(self.record_findings(&overview, publication, &account).await?);
            checks.push(DestinationCheck {
                account_id: account.id,
                preflight,
            });
        }
        Ok(checks)
    }

    /// Plans every destination that is not already public or on its way.
    ///
    /// # Errors
    /// `post.blocked` with one detail line per thing to settle, and nothing is scheduled; `schedule.past` for a
    /// time that has gone by.
    pub async fn schedule_post(&self, id: PostId, when: &ScheduleWhen) -> Result<PostOverview, Problem> {
        let now = self.now();
        let mut overview = self.post(id).await?;
        let due_at = match when {
            ScheduleWhen::Now => now,
            ScheduleWhen::At { wall, zone } => {
                let schedule = LocalSchedule::resolve(*wall, zone)?;
                if schedule.instant < now {
                    return Err(Problem::needs_user(
                        ErrorCode::new("schedule.past"),
                        UserAction::EditPost,
                        "This time has already passed.",
                    )
                    .fix("Pick a later time, or publish now."));
                }
                let due_at = schedule.instant;
                overview.post.schedule = Some(schedule);
                due_at
            }
        };
        self.refuse_blocked(&overview).await?;
        overview.post.updated_at = now;
        self.parts()
            .store
            .save_post(&overview.post, &overview.publications)
            .await?;
        for publication in &overview.publications {
            let cannot_tell = publication.needs_user == Some(NeedsUserReason::CannotTell);
            if publication.state == PublicationState::HandedOff {
                self.tell_new_time(publication, due_at).await?;
            } else if publication.state.is_editable()
                && !cannot_tell
                && !is_planned_so(publication, due_at, now)
            {
                self.plan_from(publication, due_at, "scheduled").await?;
            }
        }
        self.work_changed();
        self.emit(EngineEvent::PostChanged(id));
        self.post(id).await
    }

    /// What stands in the way of the post as a whole, apart from its destinations.
    pub fn post_blockers(&self, overview: &PostOverview) -> Vec<Blocker> {
        let blocker = |code, sentence: String| Blocker {
            code,
            field: None,
            sentence,
        };
        let mut blockers = Vec::new();
        if overview.publications.is_empty() {
            blockers.push(blocker(
                "post.no_destination",
                "Choose at least one account to post to.".into(),
            ));
        }
        match overview
            .asset
            .as_ref()
            .map(|overview| (&overview.asset, &overview.asset.state))
        {
            None => blockers.push(blocker("post.no_asset", "Choose a video.".into())),
            Some((_, AssetState::Refused(problem))) => {
                blockers.push(blocker("post.asset_refused", problem.message.clone()))
            }
            Some((asset, AssetState::Probing)) => blockers.push(blocker(
                "post.asset_probing",
                format!("“{}” is still being measured.", asset.file_name()),
            )),
            // Each destination says by itself what it thinks of pictures.
            Some((_, AssetState::Picture(_))) => {}
            Some((_, AssetState::Ready(info))) => {
                let edit = overview.post.edit.clone().unwrap_or_default();
                let problems = edit.problems_on(info);
                blockers.extend(
                    problems
                        .iter()
                        .map(|problem| blocker("edit.invalid", problem.to_string())),
                );
            }
        }
        blockers
    }

    async fn refuse_blocked(&self, overview: &PostOverview) -> Result<(), Problem> {
        let blocked = |details: Vec<String>| {
            let mut problem = Problem::needs_user(
                ErrorCode::new("post.blocked"),
                UserAction::EditPost,
                details
                    .first()
                    .cloned()
                    .unwrap_or_else(|| "The post is not complete.".into()),
            )
            .fix("Settle what is listed and schedule again.");
            problem.details = details;
            problem
        };
        let of_the_post = self.post_blockers(overview);
        if !of_the_post.is_empty() {
            return Err(blocked(
                of_the_post.into_iter().map(|blocker| blocker.sentence).collect(),
            ));
        }
        let details: Vec<String> = self
            .check_post(overview.post.id, &BTreeMap::new())
            .await?
            .into_iter()
            .flat_map(|check| check.preflight.blockers)
            .map(|blocker| blocker.sentence)
            .collect();
        if details.is_empty() {
            Ok(())
        } else {
            Err(blocked(details))
        }
    }

    /// Moves a publication to `Scheduled` for `due_at` with its preparation due now, forgetting earlier work.
    pub(crate) async fn plan_from(
        &self,
        publication: &Publication,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, Problem> {
        let now = self.now();
        let prepare = self.new_job(JobKind::Prepare, publication.id, now);
        let moved = self
            .move_publication(Transition {
                publication_id: publication.id,
                to: PublicationState::Scheduled,
                mover: Mover::User,
                reason: reason.to_owned(),
                at: now,
                only_from: None,
                while_running: None,
                change: PublicationChange {
                    problem: Some(None),
                    needs_user: Some(None),
                    due_at: Some(Some(due_at)),
                    remote: Some(None),
                    receipt: Some(None),
                    warnings: Some(Vec::new()),
                    extras: Some(Vec::new()),
                    postponed_from: Some(None),
                },
                enqueue: vec![prepare],
                cancel_jobs_except: Some(None),
                drop_upload: true,
            })
            .await?;
        if moved {
            self.forget_upload_secret(publication.id).await;
            self.work_changed();
        }
        Ok(moved)
    }

    /// Takes a post off the schedule. What is public or on its way stays as it is.
    pub async fn unschedule_post(&self, id: PostId) -> Result<PostOverview, Problem> {
        for publication in self.parts().store.publications_of(id).await? {
            let waits = matches!(
                publication.state,
                PublicationState::Scheduled
                    | PublicationState::Ready
                    | PublicationState::Staged
                    | PublicationState::HandedOff
                    | PublicationState::Missed
            );
            if waits {
                self.take_back_if_held(&publication).await?;
                self.to_draft(&publication, "taken off the schedule").await?;
            }
        }
        self.emit(EngineEvent::PostChanged(id));
        self.post(id).await
    }

    async fn to_draft(&self, publication: &Publication, reason: &str) -> Result<(), Problem> {
        let moved = self
            .move_publication(Transition {
                publication_id: publication.id,
                to: PublicationState::Draft,
                mover: Mover::User,
                reason: reason.to_owned(),
                at: self.now(),
                only_from: None,
                while_running: None,
                change: PublicationChange {
                    due_at: Some(None),
                    postponed_from: Some(None),
                    problem: Some(None),
                    ..Default::default()
                },
                enqueue: Vec::new(),
                cancel_jobs_except: Some(None),
                drop_upload: true,
            })
            .await?;
        if moved {
            self.forget_upload_secret(publication.id).await;
        }
        Ok(())
    }

    pub(crate) fn new_job(
        &self,
        kind: JobKind,
        publication: PublicationId,
        available_at: Timestamp,
    ) -> NewJob {
        NewJob {
            id: JobId::from_uuid(self.new_uuid()),
            kind,
            subject: JobSubject::Publication(publication),
            available_at,
        }
    }
}

fn is_planned(publication: &Publication) -> bool {
    !matches!(
        publication.state,
        PublicationState::Draft
            | PublicationState::Cancelled
            | PublicationState::Failed
            | PublicationState::Missed
    )
}

/// A second click asks for what is under way: planning it anew would throw away what is done.
fn is_planned_so(publication: &Publication, due_at: Timestamp, now: Timestamp) -> bool {
    let waits = matches!(
        publication.state,
        PublicationState::Scheduled | PublicationState::Ready | PublicationState::Staged
    );
    let planned = publication.due_at;
    waits
        && publication.problem.is_none()
        && (planned == Some(due_at) || (due_at <= now && planned.is_some_and(|planned| planned <= now)))
}

fn unknown_post() -> Problem {
    Problem::permanent(ErrorCode::new("post.unknown"), "This post no longer exists.")
}

fn busy() -> Problem {
    Problem::needs_user(
        ErrorCode::new("post.busy"),
        UserAction::Retry,
        "This post is being published right now and cannot be changed.",
    )
    .fix("Wait until it has finished, or cancel it while that is still possible.")
}
