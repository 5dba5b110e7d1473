//! People: they plan, change their minds at bad moments, sign in again, and answer what they are asked.

use std::{collections::BTreeMap, time::Duration};

use daypart_domain::{
    account::Account,
    ids::{AccountId, PostId, PublicationId},
    post::{Content, Destination},
    problem::{Problem, codes},
    publication::{NeedsUserReason, Publication},
    publication_state::PublicationState,
    transcode_plan::Wishes,
};
use daypart_engine::{DoubtAnswer, PostDraft, ScheduleWhen};
use daypart_ports::clock::Clock;
use jiff::Timestamp;

use crate::{dice::Roll, platform::token_of, world::World};

/// What is known about each publication besides the record.
#[derive(Debug, Clone)]
pub struct Planned {
    pub token: String,
    pub account: AccountId,
    /// The user's own last word about it.
    pub is_called_off: bool,
}

#[derive(Default)]
pub struct User {
    pub planned: BTreeMap<PublicationId, Planned>,
    pub posts: Vec<(PostId, String)>,
    pub acts: u64,
    pub refused_acts: u64,
    pub answers_there: u64,
    pub answers_again: u64,
    pub reconnects: u64,
    pub retries: u64,
    pub impatience: u64,
}

const ACTS: &[&str] = &[
    "cancel",
    "edit",
    "edit",
    "later",
    "later",
    "now",
    "unschedule",
    "retry",
    "retry",
];

impl User {
    /// Writes a post for one to three accounts and plans it.
    pub async fn plan_new(&mut self, world: &World, number: usize, roll: &mut Roll) -> usize {
        let token = format!("n{number}");
        let count = 1 + usize::try_from(roll.below(3)).unwrap();
        let first = usize::try_from(roll.below(world.accounts.len() as u64)).unwrap();
        let destinations: Vec<Destination> = (0..count)
            .map(|step| &world.accounts[(first + 7 * step) % world.accounts.len()])
            .map(|account| Destination {
                account_id: account.id,
                content: Content {
                    from_this_computer: roll.happens(200),
                    ..Content::default()
                },
            })
            .collect();
        let draft = PostDraft {
            id: None,
            asset_id: Some(*roll.one_of(&world.assets)),
            edit: None,
            wishes: Wishes::sending(),
            caption: format!("{token} as first written"),
            destinations,
            planned: None,
        };
        let post = world.engine.save_post(&draft).await.unwrap();
        let id = post.post.id;
        self.posts.push((id, token.clone()));
        for publication in &post.publications {
            let planned = Planned {
                token: token.clone(),
                account: publication.account_id,
                is_called_off: true,
            };
            self.planned.insert(publication.id, planned);
        }
        let when = match roll.happens(250) {
            true => ScheduleWhen::Now,
            false => in_a_while(world.clock.now(), roll),
        };
        world.engine.schedule_post(id, &when).await.unwrap();
        self.note_wishes(world, id).await;
        post.publications.len()
    }

    /// Does something, wise or not, to a post. What Daypart refuses is no error.
    pub async fn act(&mut self, world: &World, post: PostId, roll: &mut Roll) {
        self.acts += 1;
        let act = *roll.one_of(ACTS);
        let outcome = self.try_act(world, post, act, roll).await;
        if let Err(problem) = outcome {
            assert_ne!(problem.code, codes::BUG, "{act}: {problem:?}");
            self.refused_acts += 1;
        }
        self.note_wishes(world, post).await;
    }

    async fn try_act(
        &mut self,
        world: &World,
        post: PostId,
        act: &str,
        roll: &mut Roll,
    ) -> Result<(), Problem> {
        let engine = &world.engine;
        let overview = engine.post(post).await?;
        let publication = roll.one_of(&overview.publications).clone();
        match act {
            "cancel" => engine.cancel_publication(publication.id).await.map(drop),
            "edit" => {
                let token = token_of(&overview.post.caption);
                let draft = PostDraft {
                    id: Some(post),
                    asset_id: overview.post.asset_id,
                    edit: None,
                    wishes: overview.post.wishes,
                    caption: format!("{token} version {}", roll.below(1_000)),
                    destinations: overview
                        .publications
                        .iter()
                        .map(|publication| Destination {
                            account_id: publication.account_id,
                            content: publication.content.clone(),
                        })
                        .collect(),
                    planned: None,
                };
                engine.save_post(&draft).await.map(drop)
            }
            "later" => {
                let when = in_a_while(world.clock.now(), roll);
                engine.schedule_post(post, &when).await.map(drop)
            }
            "now" => engine.schedule_post(post, &ScheduleWhen::Now).await.map(drop),
            "unschedule" => engine.unschedule_post(post).await.map(drop),
            _ => {
                // Impatient people press it more than once.
                for _ in 0..=roll.below(3) {
                    engine.retry_publication(publication.id).await?;
                }
                Ok(())
            }
        }
    }

    /// Only the user takes a post off: whatever has become of one after an act of theirs is their wish.
    async fn note_wishes(&mut self, world: &World, post: PostId) {
        for publication in world.store.publications_of(post).await.unwrap() {
            if let Some(planned) = self.planned.get_mut(&publication.id) {
                planned.is_called_off = matches!(
                    publication.state,
                    PublicationState::Draft | PublicationState::Cancelled
                );
            }
        }
    }

    /// Signs in where that is needed, answers every question truly, and tries again what stopped.
    pub async fn look(&mut self, world: &World) {
        for account in &world.accounts {
            let is_dead = world
                .platform_of(account)
                .remote()
                .revoked
                .contains(&account.remote_user_id);
            if is_dead {
                self.reconnects += 1;
                world.sign_in(account).await;
            }
        }
        let stopped = world
            .store
            .publications_in(&[
                PublicationState::NeedsUser,
                PublicationState::Missed,
                PublicationState::Failed,
            ])
            .await
            .unwrap();
        for publication in stopped {
            let planned = self.planned[&publication.id].clone();
            if publication.needs_user == Some(NeedsUserReason::CannotTell) {
                self.answer(world, &publication, &planned).await;
            } else {
                self.retries += 1;
                if let Err(problem) = world.engine.retry_publication(publication.id).await {
                    panic!("{publication:?} cannot be tried again: {problem}");
                }
            }
        }
    }

    /// Presses “retry” on whatever is in doubt.
    pub async fn press_retry(&mut self, world: &World) -> bool {
        let doubts = world
            .store
            .publications_in(&[PublicationState::InDoubt])
            .await
            .unwrap();
        for publication in &doubts {
            self.impatience += 1;
            // It may be read at this very moment.
            let _ = world.engine.retry_publication(publication.id).await;
        }
        !doubts.is_empty()
    }

    /// Looks at the account, and says what is there.
    async fn answer(&mut self, world: &World, publication: &Publication, planned: &Planned) {
        let account = account(world, planned.account);
        let is_there = world
            .platform_of(account)
            .remote()
            .posts_of(&planned.token, &account.remote_user_id)
            .iter()
            .any(|post| post.counts());
        let answer = match is_there {
            true => {
                self.answers_there += 1;
                DoubtAnswer::ItIsThere
            }
            false => {
                self.answers_again += 1;
                DoubtAnswer::SendAgain
            }
        };
        world
            .engine
            .answer_in_doubt(publication.id, answer)
            .await
            .unwrap();
    }
}

pub fn account(world: &World, id: AccountId) -> &Account {
    world.accounts.iter().find(|account| account.id == id).unwrap()
}

/// From a few minutes to three days ahead.
fn in_a_while(now: Timestamp, roll: &mut Roll) -> ScheduleWhen {
    let minutes = match roll.below(3) {
        0 => 3 + roll.below(60),
        1 => 60 + roll.below(1_440),
        _ => 1_440 + roll.below(2_880),
    };
    ScheduleWhen::At {
        wall: (now + Duration::from_secs(60 * minutes))
            .to_zoned(jiff::tz::TimeZone::UTC)
            .datetime(),
        zone: "UTC".into(),
    }
}
