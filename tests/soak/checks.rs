//! What must hold, by the platforms' own ledgers.

use std::{collections::BTreeMap, fmt, time::Duration};

use daypart_domain::{
    ids::{OwnerId, PublicationId},
    job::{JobKind, JobSubject},
    publication::Publication,
    publication_state::PublicationState,
};

use crate::{
    faults::Fault,
    user::{Planned, User, account},
    world::World,
};

/// How a run went.
#[derive(Debug, Default)]
pub struct Figures {
    pub posts: usize,
    pub publications: usize,
    pub published: usize,
    pub called_off: usize,
    pub duplicates: Vec<String>,
    pub lost: Vec<String>,
    pub stuck: Vec<String>,
    /// Where the record says something else than the ledger.
    pub untrue: Vec<String>,
    pub doubts: usize,
    pub doubts_put_to_the_user: usize,
    pub handed_over: usize,
    pub crashes: u64,
    pub sleeps: u64,
    pub calls: u64,
    pub faults: BTreeMap<Fault, u64>,
    pub user: BTreeMap<&'static str, u64>,
    pub moves: usize,
    pub took: Duration,
    /// Equal for runs that ended alike.
    pub fingerprint: u64,
}

impl Figures {
    pub fn violations(&self) -> Vec<&String> {
        [&self.duplicates, &self.lost, &self.stuck, &self.untrue]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} publications of {} posts", self.publications, self.posts)?;
        writeln!(f, "  published          {}", self.published)?;
        writeln!(f, "  called off         {}", self.called_off)?;
        writeln!(f, "  duplicates         {}", self.duplicates.len())?;
        writeln!(f, "  lost               {}", self.lost.len())?;
        writeln!(f, "  stuck              {}", self.stuck.len())?;
        writeln!(f, "  untrue             {}", self.untrue.len())?;
        writeln!(
            f,
            "  doubts             {} ({} put to the user)",
            self.doubts, self.doubts_put_to_the_user
        )?;
        writeln!(f, "  handed over        {}", self.handed_over)?;
        writeln!(f, "  moves              {}", self.moves)?;
        writeln!(f, "  calls              {}", self.calls)?;
        writeln!(f, "  crashes, sleeps    {}, {}", self.crashes, self.sleeps)?;
        writeln!(f, "  faults             {:?}", self.faults)?;
        writeln!(f, "  people             {:?}", self.user)?;
        writeln!(f, "  fingerprint        {:016x}", self.fingerprint)?;
        write!(f, "  took               {:.1} s", self.took.as_secs_f64())
    }
}

fn posts_there(world: &World, planned: &Planned) -> usize {
    let account = account(world, planned.account);
    world
        .platform_of(account)
        .remote()
        .posts_of(&planned.token, &account.remote_user_id)
        .iter()
        .filter(|post| post.counts())
        .count()
}

async fn told(world: &World, publication: &Publication, what: &str) -> String {
    let events = world.store.events_of(publication.id).await.unwrap();
    let road: Vec<String> = events
        .iter()
        .map(|event| format!("{} {} ({})", event.at, event.to, event.reason))
        .collect();
    format!("{what}: {publication:#?}\n{}", road.join("\n"))
}

/// While the run goes on and nothing is under way: nothing is there twice, and whatever is not at rest has work
/// that will move it on.
pub async fn inspect(world: &World, user: &User) {
    let unsettled: Vec<PublicationState> = PublicationState::ALL
        .into_iter()
        .filter(|state| !state.is_settled())
        .collect();
    for publication in world.store.publications_in(&unsettled).await.unwrap() {
        let subject = JobSubject::Publication(publication.id);
        let jobs = world.store.jobs_of(subject).await.unwrap();
        if jobs
            .iter()
            .all(|job| job.state.is_final() || job.kind == JobKind::Extras)
        {
            panic!("{}", told(world, &publication, "nothing will move it").await);
        }
    }
    for (id, planned) in &user.planned {
        if posts_there(world, planned) > 1 {
            let publication = world.store.publication(*id).await.unwrap().unwrap();
            panic!("{}", told(world, &publication, "posted twice").await);
        }
    }
}

pub async fn running(world: &World) -> String {
    let nobody = OwnerId::from_uuid(uuid::Uuid::nil());
    let leased = world.store.dead_leases(nobody).await.unwrap();
    format!("leased: {leased:#?}")
}

pub async fn reckon(world: &World, user: &User, crashes: u64, sleeps: u64, took: Duration) -> Figures {
    let mut figures = Figures {
        posts: user.posts.len(),
        publications: user.planned.len(),
        crashes,
        sleeps,
        took,
        user: BTreeMap::from([
            ("acts", user.acts),
            ("refused", user.refused_acts),
            ("said: it is there", user.answers_there),
            ("said: send again", user.answers_again),
            ("signed in again", user.reconnects),
            ("tried again", user.retries),
            ("pressed retry in a doubt", user.impatience),
        ]),
        ..Figures::default()
    };
    for platform in &world.platforms {
        let remote = platform.remote();
        figures.calls += remote.calls.values().sum::<u64>();
        for (fault, count) in &remote.faults {
            *figures.faults.entry(*fault).or_default() += count;
        }
    }
    let mut ends = Vec::new();
    for (id, planned) in &user.planned {
        let (state, there) = judge(world, *id, planned, &mut figures).await;
        ends.push(format!("{} {:?} {state} {there}", planned.token, planned.account));
    }
    ends.sort();
    figures.fingerprint = crate::dice::Dice(0).about(ends).number();
    figures
}

async fn judge(
    world: &World,
    id: PublicationId,
    planned: &Planned,
    figures: &mut Figures,
) -> (PublicationState, usize) {
    let publication = world.store.publication(id).await.unwrap().unwrap();
    let events = world.store.events_of(id).await.unwrap();
    let entered = |state| {
        events
            .iter()
            .filter(|event| event.to == state && event.from != Some(state))
            .count()
    };
    figures.moves += events.len();
    figures.doubts += entered(PublicationState::InDoubt);
    figures.doubts_put_to_the_user += events
        .iter()
        .filter(|event| {
            event.from == Some(PublicationState::InDoubt) && event.to == PublicationState::NeedsUser
        })
        .count();
    figures.handed_over += usize::from(entered(PublicationState::HandedOff) > 0);
    let there = posts_there(world, planned);
    if there > 1 {
        figures
            .duplicates
            .push(told(world, &publication, "posted twice").await);
    }
    match publication.state {
        PublicationState::Published => {
            figures.published += 1;
            if there == 0 {
                let said = told(world, &publication, "said to be published, and is not").await;
                figures.untrue.push(said);
            }
            if publication.receipt.is_none() {
                figures
                    .untrue
                    .push(told(world, &publication, "published without a receipt").await);
            }
        }
        PublicationState::Draft | PublicationState::Cancelled => {
            figures.called_off += 1;
            if there > 0 {
                figures
                    .untrue
                    .push(told(world, &publication, "called off, and posted").await);
            }
            if !planned.is_called_off {
                figures
                    .lost
                    .push(told(world, &publication, "nobody called it off").await);
            }
        }
        PublicationState::NeedsUser | PublicationState::Missed | PublicationState::Failed => {
            figures
                .lost
                .push(told(world, &publication, "did not arrive in calm days").await);
        }
        _ => figures
            .stuck
            .push(told(world, &publication, "came to no end").await),
    }
    (publication.state, there)
}
