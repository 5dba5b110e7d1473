//! Playing one cell: post, let it happen, then let time pass until everything is at rest, and count the posts.

use std::time::Duration;

use daypart_domain::{
    edit::Cover,
    extra::{Extra, ExtraState},
    ids::{JobId, PostId},
    job::{JobKind, JobState, JobSubject},
    post::{Content, Destination},
    problem::{ErrorCode, Problem, UserAction, codes},
    publication::{NeedsUserReason, Publication},
    publication_state::PublicationState,
};
use daypart_engine::{PostDraft, ScheduleWhen};
use daypart_ports::{clock::Clock, store::NewJob};
use daypart_tests::grid::{Draw, Step, Trouble};

use crate::{
    platform::{ScriptedPlatform, busy},
    world::World,
};

use super::{
    cells::Case,
    full_disk::FullDisk,
    troubled::{Act, Call, Script, TroubledPlatform},
};

const HOUR: Duration = Duration::from_secs(3_600);
/// How long the disk stays full once the effect has happened.
const FULL_FOR: Duration = Duration::from_millis(300);

pub async fn play(case: Case, mut draw: Draw) {
    let script = Script::default();
    let between = script.clone();
    let is_held = matches!(case.step, Step::HandOver | Step::Amend);
    let make = if is_held {
        ScriptedPlatform::holding
    } else {
        |platform| platform
    };
    let wrap = |inner| -> std::sync::Arc<dyn daypart_ports::platform::Platform> {
        std::sync::Arc::new(TroubledPlatform {
            inner,
            script: between,
        })
    };
    let mut world = World::behind(make, wrap).await;
    let clock_change = (case.trouble == Trouble::ClockChange).then(|| ClockChange::drawn(&mut draw));
    if let Some(change) = clock_change {
        let until = change.at().duration_since(world.clock.now()).unsigned_abs() - HOUR / 2;
        world.clock.advance(until);
        world.put_grant("access-0", Some("refresh-0"), 24 * HOUR).await;
    }
    if case.step == Step::Reconcile {
        script.next(Call::LastChunk, Act::FailAfter(lost(Step::Publish)));
    }
    if case.step == Step::Refresh {
        world.platform.remote().refused_tokens.push("access-0".into());
    }
    // The file is measured before, unless that is what something happens to.
    let draft = match case.step {
        Step::Probe => None,
        _ => Some(world.draft("words").await),
    };
    let before = usize::from(case.step == Step::Reconcile);
    if let (Some(call), Some(act)) = (case.call, act_for(&case, &mut draw)) {
        script.next(call, act);
    }
    let disk = match is_disk_full(&case) {
        true if case.step != Step::Amend => Some(FullDisk::at(&world.database(), case.step).await),
        _ => None,
    };
    let post = match draft {
        Some(draft) => plan(&world, &case, draft, clock_change).await,
        None => {
            let path = world.clip.to_str().unwrap().to_owned();
            world.engine.add_assets(&[path]).await.unwrap();
            None
        }
    };
    if case.step == Step::Amend {
        world = amended_while(world, &case, post.unwrap(), &script, before, &mut draw).await;
    } else {
        world = happen(world, &case, post, &script, before + 1, disk, &mut draw).await;
    }
    let post = match post {
        Some(post) => post,
        None => world.post_now("words").await,
    };

    let asked = rest(&world, post).await;
    if case.trouble == Trouble::AnswerTwice {
        run_again(&world, &case, post).await;
    }
    let remote_posts = world.platform.remote().posts.clone();
    let publication = world.publication(post).await;
    assert_eq!(
        remote_posts.len(),
        1,
        "posts at the platform: {remote_posts:?}; {publication:#?}"
    );
    assert!(world.platform.remote().held.is_empty());
    assert_eq!(publication.state, PublicationState::Published);
    assert_eq!(publication.problem, None);
    let may_ask = is_disk_full(&case) || matches!(case.trouble, Trouble::TokenRevoked | Trouble::ClockJump);
    assert!(!asked || may_ask, "the person was asked for nothing");
    if case.step == Step::Extras {
        assert!(
            publication
                .extras
                .iter()
                .all(|extra| extra.state == ExtraState::Done)
        );
        assert!(!world.platform.remote().extras_made.is_empty());
    }
    if let (Some(_), Some(due_at), Some(receipt)) = (clock_change, publication.due_at, publication.receipt) {
        assert!(receipt.published_at >= due_at, "out before its time: {receipt:?}");
    }
}

fn is_disk_full(case: &Case) -> bool {
    // A record that fails and a program that dies at once look the same for the steps that ask nobody.
    case.trouble == Trouble::DiskFull || (case.trouble == Trouble::KilledAfter && case.call.is_none())
}

fn act_for(case: &Case, draw: &mut Draw) -> Option<Act> {
    Some(match case.trouble {
        Trouble::KilledBefore => Act::HangBefore,
        Trouble::KilledAfter => Act::HangAfter,
        Trouble::AnswerLost => Act::FailAfter(lost(case.step)),
        Trouble::ServerError if draw.coin() => Act::FailBefore(busy()),
        Trouble::ServerError => Act::FailAfter(lost(case.step)),
        Trouble::TokenExpired => Act::FailBefore(signed_out(codes::AUTH_EXPIRED)),
        Trouble::TokenRevoked => Act::FailBefore(signed_out(codes::AUTH_REVOKED)),
        Trouble::DiskFull => Act::Note,
        Trouble::ClockJump | Trouble::ClockChange => Act::Wait,
        _ => return None,
    })
}

/// As the adapters say it: only what may have published is a doubt.
fn lost(step: Step) -> Problem {
    let code = ErrorCode::new("test.answer_lost");
    match step {
        Step::Publish | Step::HandOver => Problem::in_doubt(code, "the answer was lost"),
        _ => Problem::transient(code, "the answer was lost"),
    }
}

fn signed_out(code: ErrorCode) -> Problem {
    Problem::needs_user(code, UserAction::Reconnect, "signed out")
}

async fn plan(world: &World, case: &Case, draft: PostDraft, change: Option<ClockChange>) -> Option<PostId> {
    let post = draft.id.unwrap();
    if case.step == Step::Extras {
        let content = Content {
            cover: Some(Cover::At { at_us: 1_000_000 }),
            ..Content::default()
        };
        let destinations = vec![Destination {
            account_id: world.account.id,
            content,
        }];
        world
            .engine
            .save_post(&PostDraft {
                destinations,
                ..draft
            })
            .await
            .unwrap();
    }
    let when = match change {
        Some(change) => change.when(),
        None if matches!(case.step, Step::HandOver | Step::Amend) => world.at(3 * HOUR),
        None => ScheduleWhen::Now,
    };
    world.engine.schedule_post(post, &when).await.unwrap();
    Some(post)
}

async fn happen(
    world: World,
    case: &Case,
    post: Option<PostId>,
    script: &Script,
    count: usize,
    disk: Option<FullDisk>,
    draw: &mut Draw,
) -> World {
    let needs_act = case.call.is_some() && case.trouble != Trouble::AnswerTwice;
    if let (true, Some(post)) = (needs_act, post) {
        let met = || script.has_met(count);
        pass_time(&world, post, "what shall happen has happened", |_| met()).await;
    }
    if let Some(disk) = disk {
        tokio::time::sleep(FULL_FOR).await;
        let world = if case.trouble == Trouble::KilledAfter {
            world.killed().await
        } else {
            world
        };
        disk.freed().await;
        if case.step == Step::Probe {
            // Until it is measured again.
            world.clock.advance(HOUR / 12);
        }
        return world;
    }
    match case.trouble {
        Trouble::KilledBefore | Trouble::KilledAfter => return world.killed().await,
        Trouble::ClockJump if draw.coin() => world.clock.advance(2 * HOUR),
        Trouble::ClockJump => world.clock.set_back(2 * HOUR),
        Trouble::ClockChange => world.clock.advance(HOUR / 2),
        _ => {}
    }
    script.release();
    world
}

async fn amended_while(
    world: World,
    case: &Case,
    post: PostId,
    script: &Script,
    before: usize,
    draw: &mut Draw,
) -> World {
    pass_time(&world, post, "held", |publication| {
        publication.state == PublicationState::HandedOff
    })
    .await;
    let disk = match is_disk_full(case) {
        true => Some(FullDisk::at(&world.database(), case.step).await),
        false => None,
    };
    let draft = PostDraft {
        id: Some(post),
        caption: "new words".into(),
        asset_id: world.engine.post(post).await.unwrap().post.asset_id,
        edit: None,
        wishes: daypart_domain::transcode_plan::Wishes::sending(),
        destinations: vec![Destination {
            account_id: world.account.id,
            content: Content::default(),
        }],
        planned: None,
    };
    let is_saved = world.engine.save_post(&draft).await;
    if disk.is_none() {
        is_saved.unwrap();
    }
    let world = happen(world, case, Some(post), script, before + 1, disk, draw).await;
    world.engine.save_post(&draft).await.unwrap();
    pass_time(&world, post, "told of the new words", |_| {
        let remote = world.platform.remote();
        !remote.posts.is_empty() || remote.held.values().any(|held| held.caption == "new words")
    })
    .await;
    world
}

/// The same job once more, as a queue that promises “at least once” may do it.
async fn run_again(world: &World, case: &Case, post: PostId) {
    let publication = world.publication(post).await;
    let kind = match case.step {
        Step::Probe | Step::Prepare => JobKind::Prepare,
        Step::Open | Step::Upload | Step::Refresh => JobKind::Upload,
        Step::Publish | Step::HandOver => JobKind::Publish,
        Step::Confirm => JobKind::Confirm,
        Step::Reconcile => JobKind::Reconcile,
        Step::Amend => JobKind::Amend,
        Step::Extras => JobKind::Extras,
    };
    let now = world.clock.now();
    let again = NewJob {
        id: JobId::from_uuid(uuid::Uuid::from_u128(99)),
        kind,
        subject: JobSubject::Publication(publication.id),
        available_at: now,
    };
    assert!(world.store.enqueue(&again, now).await.unwrap());
    world.engine.changed_outside();
    rest(world, post).await;
}

/// Lets time pass until it is out and nothing is left to do. Returns whether the person was asked for something.
async fn rest(world: &World, post: PostId) -> bool {
    let mut asked = false;
    loop {
        let publication = pass_time(world, post, "at rest", |publication| {
            let is_signed_out = |problem: &Problem| problem.code == codes::AUTH_REVOKED;
            publication.state.is_settled() || publication.problem.as_ref().is_some_and(is_signed_out)
        })
        .await;
        let is_signed_out = publication
            .problem
            .as_ref()
            .is_some_and(|problem| problem.code == codes::AUTH_REVOKED);
        match publication.state {
            PublicationState::Published => break,
            PublicationState::Missed => {
                asked = true;
                world.engine.retry_publication(publication.id).await.unwrap();
            }
            _ if is_signed_out => {
                asked = true;
                world
                    .put_grant("access-again", Some("refresh-again"), 24 * HOUR)
                    .await;
                world.engine.retry_publication(publication.id).await.unwrap();
                pass_time(world, post, "on its way again", |publication| {
                    publication.problem.is_none()
                })
                .await;
            }
            PublicationState::NeedsUser => {
                assert_eq!(
                    publication.needs_user,
                    Some(NeedsUserReason::FixAndRetry),
                    "{publication:#?}"
                );
                asked = true;
                world.engine.retry_publication(publication.id).await.unwrap();
            }
            other => panic!("{other}: {publication:#?}"),
        }
    }
    let added = pass_time(world, post, "done with", |publication| {
        !publication.extras.iter().any(Extra::is_waiting)
    })
    .await;
    let is_given_up = |extra: &Extra| matches!(extra.state, ExtraState::Failed { .. });
    if added.extras.iter().any(is_given_up) {
        // The post stands; the person sees what it lacks and asks for it again.
        asked = true;
        world
            .put_grant("access-again", Some("refresh-again"), 24 * HOUR)
            .await;
        world.engine.retry_publication(added.id).await.unwrap();
    }
    loop {
        let jobs = world
            .store
            .jobs_of(JobSubject::Publication(world.publication(post).await.id))
            .await
            .unwrap();
        if jobs.iter().all(|job| job.state.is_final()) {
            return asked;
        }
        step_time(world, post).await;
    }
}

/// Moves the clock to whatever is due next, whenever nothing is running.
async fn pass_time(
    world: &World,
    post: PostId,
    what: &str,
    is_so: impl Fn(&Publication) -> bool,
) -> Publication {
    let passing = async {
        loop {
            let publication = world.publication(post).await;
            if is_so(&publication) {
                return publication;
            }
            step_time(world, post).await;
        }
    };
    match tokio::time::timeout(Duration::from_secs(40), passing).await {
        Ok(publication) => publication,
        Err(_) => panic!("not {what}: {:#?}", world.publication(post).await),
    }
}

async fn step_time(world: &World, post: PostId) {
    let publication = world.publication(post).await;
    let jobs = world
        .store
        .jobs_of(JobSubject::Publication(publication.id))
        .await
        .unwrap();
    let now = world.clock.now();
    let is_busy = jobs.iter().any(|job| job.state == JobState::Running);
    let next = jobs
        .iter()
        .filter(|job| !job.state.is_final())
        .map(|job| job.available_at)
        .min();
    match next {
        Some(at) if !is_busy && at > now => world.clock.advance(at.duration_since(now).unsigned_abs()),
        _ => {
            let mut news = world.engine.subscribe();
            let _ = tokio::time::timeout(Duration::from_millis(20), news.recv()).await;
        }
    }
}

/// A night on which the clocks of Berlin are changed, and a post due half an hour later by the world's time.
#[derive(Debug, Clone, Copy)]
enum ClockChange {
    Spring,
    Autumn,
}

impl ClockChange {
    fn drawn(draw: &mut Draw) -> Self {
        draw.one_of(&[Self::Spring, Self::Autumn])
    }

    fn at(self) -> jiff::Timestamp {
        let at = match self {
            Self::Spring => "2027-03-28T01:00:00Z",
            Self::Autumn => "2027-10-31T01:00:00Z",
        };
        at.parse().unwrap()
    }

    fn when(self) -> ScheduleWhen {
        let wall = match self {
            // 02:00 became 03:00.
            Self::Spring => "2027-03-28T03:30",
            // 03:00 became 02:00, and three o'clock is an hour later than it would have been.
            Self::Autumn => "2027-10-31T03:00",
        };
        ScheduleWhen::At {
            wall: wall.parse().unwrap(),
            zone: "Europe/Berlin".into(),
        }
    }
}
