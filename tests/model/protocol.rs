//! The protocol as a machine of its own: one publication, its jobs and leases, an owner that can die at any moment and
//! be followed by another, people at any moment, and a platform whose answers get lost.
//!
//! What may move where and by whom is read from the table that is handed in (the product's own, or one with a fault);
//! what a job may do next is read from the product's table of jobs.

use daypart_domain::{
    job::{self, JobKind, JobState},
    publication_state::{
        Mover,
        PublicationState::{self, *},
    },
};

pub type Move = (PublicationState, PublicationState, Mover);

/// Who holds a running job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lease {
    Nobody,
    Living,
    /// Of a process that has died.
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Job {
    pub state: JobState,
    pub lease: Lease,
}

/// How far the final call of the running publish step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    NotMade,
    AnsweredTaken,
    AnsweredRefused,
    Unanswered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    Absent,
    /// Settles what the last one left.
    Rescuing,
    Working,
}

pub const KINDS: [JobKind; 6] = [
    JobKind::Prepare,
    JobKind::Upload,
    JobKind::Publish,
    JobKind::Confirm,
    JobKind::Reconcile,
    JobKind::Amend,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Situation {
    pub state: PublicationState,
    pub jobs: [Option<Job>; KINDS.len()],
    pub owner: Owner,
    pub call: Option<Call>,
    /// What the platform has: public, or held by it until its time.
    pub posts: u8,
    pub is_held: bool,
    /// A final call was made, and nothing has shown since that nothing came of it.
    pub is_unproven: bool,
    /// The user is asked whether it is there.
    pub is_asked: bool,
}

/// What somebody did, and what must never have been done.
#[derive(Debug, Clone)]
pub struct Step {
    pub what: String,
    pub to: Situation,
    pub broken: Option<&'static str>,
}

impl Situation {
    pub fn beginning() -> Self {
        Self {
            state: Draft,
            jobs: [None; KINDS.len()],
            owner: Owner::Absent,
            call: None,
            posts: 0,
            is_held: false,
            is_unproven: false,
            is_asked: false,
        }
    }

    /// Everything that can happen next.
    pub fn next(&self, table: &[Move]) -> Vec<Step> {
        let mut steps = Vec::new();
        self.processes(table, &mut steps);
        self.platform(&mut steps);
        self.final_call(&mut steps);
        for &(_, to, mover) in table.iter().filter(|(from, ..)| *from == self.state) {
            match mover {
                Mover::User => self.user(to, &mut steps),
                // Rescuing is part of how processes come and go.
                Mover::Rescuer => {}
                Mover::Step | Mover::Scheduler | Mover::Reconciler => self.step(to, mover, &mut steps),
            }
        }
        for (place, kind) in KINDS.into_iter().enumerate() {
            self.lease_and_end(place, kind, &mut steps);
        }
        steps
    }

    /// Leases that are held by the living and may act on the publication as it stands.
    pub fn acting_leases(&self) -> usize {
        KINDS
            .into_iter()
            .enumerate()
            .filter(|(place, kind)| {
                // Telling the platform of a change and reading it back do not get into each other's way.
                *kind != JobKind::Amend && self.is_running(*place) && works_on(*kind, self.state)
            })
            .count()
    }

    fn is_running(&self, place: usize) -> bool {
        self.owner == Owner::Working && self.jobs[place].is_some_and(|job| job.lease == Lease::Living)
    }

    /// The owner dies wherever it is; another one takes the lock, settles what is left, and may die in the middle.
    fn processes(&self, table: &[Move], steps: &mut Vec<Step>) {
        match self.owner {
            Owner::Absent => self.done(steps, "an owner takes the lock", |next| {
                next.owner = Owner::Rescuing
            }),
            Owner::Rescuing | Owner::Working => self.done(steps, "the owner dies", |next| {
                next.owner = Owner::Absent;
                next.call = None;
                for job in next.jobs.iter_mut().flatten() {
                    if job.lease == Lease::Living {
                        job.lease = Lease::Dead;
                    }
                }
            }),
        }
        if self.owner != Owner::Rescuing {
            return;
        }
        let may_doubt = table.contains(&(self.state, InDoubt, Mover::Rescuer));
        let mut has_dead = false;
        for (place, kind) in KINDS.into_iter().enumerate() {
            if self.jobs[place].is_none_or(|job| job.lease != Lease::Dead) {
                continue;
            }
            has_dead = true;
            if kind == JobKind::Publish && self.state == Publishing && may_doubt {
                self.done(steps, "the rescuer doubts", Self::doubt);
            } else if job::valid_prior(JobState::Retryable).contains(&JobState::Running) {
                self.done(steps, &format!("the rescuer gives {kind} back"), |next| {
                    next.jobs[place] = Some(Job {
                        state: JobState::Retryable,
                        lease: Lease::Nobody,
                    });
                });
            }
        }
        if !has_dead && self.state == Publishing && may_doubt {
            self.done(steps, "the rescuer doubts without a job", Self::doubt);
        } else if !has_dead {
            self.done(steps, "the owner goes to work", |next| {
                next.owner = Owner::Working
            });
        }
    }

    fn doubt(next: &mut Situation) {
        next.jobs = [None; KINDS.len()];
        next.enter(InDoubt);
    }

    fn platform(&self, steps: &mut Vec<Step>) {
        if self.is_held {
            self.done(steps, "the platform publishes what it holds", |next| {
                next.is_held = false
            });
        }
        if self.posts == 1 && matches!(self.state, Confirming | HandedOff | InDoubt) {
            self.done(steps, "the platform turns it down after all", |next| {
                next.posts = 0;
                next.is_held = false;
            });
        }
    }

    fn final_call(&self, steps: &mut Vec<Step>) {
        let is_running = self.is_running(place_of(JobKind::Publish));
        if self.state != Publishing || self.call != Some(Call::NotMade) || !is_running {
            return;
        }
        let broken = self
            .is_unproven
            .then_some("a second final call without proof in between");
        let mut called = |what: &str, taken: bool, held: bool, call: Call| {
            let mut to = *self;
            to.posts += u8::from(taken);
            to.is_held = held;
            to.call = Some(call);
            to.is_unproven = call != Call::AnsweredRefused;
            steps.push(Step {
                what: what.to_owned(),
                to,
                broken,
            });
        };
        called("the call is taken", true, false, Call::AnsweredTaken);
        called("the call is taken and held", true, true, Call::AnsweredTaken);
        called("the call is refused", false, false, Call::AnsweredRefused);
        called(
            "the call is taken, its answer lost",
            true,
            false,
            Call::Unanswered,
        );
        called("the call is lost", false, false, Call::Unanswered);
    }

    /// A move of a step: only under a living lease, and only with the knowledge that the step needs for it.
    fn step(&self, to: PublicationState, mover: Mover, steps: &mut Vec<Step>) {
        for (place, kind) in KINDS.into_iter().enumerate() {
            if !self.is_running(place) || !works_on(kind, self.state) {
                continue;
            }
            let reads = matches!(kind, JobKind::Confirm) || mover == Mover::Reconciler;
            let is_public = self.posts > 0 && !self.is_held;
            let knows = match (self.state, to) {
                (Publishing, Confirming) => self.call == Some(Call::AnsweredTaken) && !self.is_held,
                (Publishing, HandedOff) => self.call == Some(Call::AnsweredTaken) && self.is_held,
                (Publishing, InDoubt) => self.call == Some(Call::Unanswered),
                (Publishing, _) => self.call == Some(Call::AnsweredRefused),
                // Taken back first.
                (HandedOff, Scheduled) => kind == JobKind::Amend && self.posts == 0,
                (HandedOff, _) if kind == JobKind::Amend => false,
                (_, Published) => reads && is_public,
                (_, HandedOff) => reads && self.is_held,
                (InDoubt, Confirming) => reads && self.posts > 0,
                (InDoubt, Staged | Ready) if reads => self.posts == 0,
                // The platform says that nothing came of it.
                (Confirming, Ready) => reads && self.posts == 0,
                (Confirming | HandedOff | InDoubt, Failed) => reads && self.posts == 0,
                _ => true,
            };
            if !knows {
                continue;
            }
            let broken = (self.state == InDoubt && mover != Mover::Reconciler)
                .then_some("a doubt was left by somebody who has not read the platform");
            let mut next = *self;
            // Reading, or taking back what turns out to be gone, shows that nothing is there.
            let shows = reads && to != NeedsUser || kind == JobKind::Amend;
            if shows && self.posts == 0 {
                next.is_unproven = false;
            }
            next.call = None;
            next.is_asked = to == NeedsUser && matches!(self.state, InDoubt | Confirming | HandedOff);
            next.enter(to);
            steps.push(Step {
                what: format!("{mover} ({kind}): {} → {to}", self.state),
                to: next,
                broken,
            });
        }
        if self.state == HandedOff
            && to == Scheduled
            && self.is_held
            && self.is_running(place_of(JobKind::Amend))
        {
            self.done(steps, "the step takes it back from the platform", Self::take_back);
        }
    }

    fn take_back(next: &mut Situation) {
        next.posts = 0;
        next.is_held = false;
        next.is_unproven = false;
    }

    /// People act through the owner or beside it. They answer truly what they are asked.
    fn user(&self, to: PublicationState, steps: &mut Vec<Step>) {
        let is_public = self.posts > 0 && !self.is_held;
        let broken = (self.state == InDoubt).then_some("a doubt was left by the user");
        let takes_back = match (self.state, to) {
            (HandedOff, HandedOff) => false,
            (HandedOff, _) => true,
            (NeedsUser, Scheduled) => self.is_asked,
            _ => false,
        };
        let may = match (self.state, to) {
            (HandedOff, HandedOff) => true,
            (NeedsUser, Published) => self.is_asked && is_public,
            (NeedsUser, Scheduled) if self.is_asked => !is_public,
            // The question has to be answered first.
            (NeedsUser, _) if self.is_asked => false,
            _ => true,
        };
        if !may || (takes_back && is_public) {
            return;
        }
        let mut next = *self;
        if takes_back {
            Self::take_back(&mut next);
        }
        next.is_asked = false;
        if (self.state, to) == (HandedOff, HandedOff) {
            next.enqueue(JobKind::Amend);
        } else {
            next.jobs = [None; KINDS.len()];
            next.enter(to);
        }
        steps.push(Step {
            what: format!("user: {} → {to}", self.state),
            to: next,
            broken,
        });
    }

    fn lease_and_end(&self, place: usize, kind: JobKind, steps: &mut Vec<Step>) {
        let Some(job) = self.jobs[place] else { return };
        if self.owner != Owner::Working {
            return;
        }
        if job.lease == Lease::Nobody && job::valid_prior(JobState::Running).contains(&job.state) {
            self.done(steps, &format!("{kind} is leased"), |next| {
                next.jobs[place] = Some(Job {
                    state: JobState::Running,
                    lease: Lease::Living,
                });
            });
        }
        if job.lease == Lease::Living && !works_on(kind, self.state) {
            self.done(steps, &format!("{kind} ends"), |next| next.jobs[place] = None);
        }
        // Put off: a failure, a wait, a stop. Never in the middle of the final call.
        let in_call = kind == JobKind::Publish && self.state == Publishing;
        if job.lease == Lease::Living && works_on(kind, self.state) && !in_call {
            let later = [JobState::Retryable, JobState::Scheduled]
                .into_iter()
                .find(|state| job::valid_prior(*state).contains(&JobState::Running));
            if let Some(state) = later {
                self.done(steps, &format!("{kind} is put off"), |next| {
                    next.jobs[place] = Some(Job {
                        state,
                        lease: Lease::Nobody,
                    });
                });
            }
            if kind == JobKind::Amend {
                self.done(steps, "the change is told", |next| next.jobs[place] = None);
            }
        }
    }

    fn enter(&mut self, to: PublicationState) {
        self.state = to;
        if to == Publishing {
            self.call = Some(Call::NotMade);
        }
        let work = match to {
            Scheduled => Some(JobKind::Prepare),
            Ready => Some(JobKind::Upload),
            Staged => Some(JobKind::Publish),
            Confirming | HandedOff => Some(JobKind::Confirm),
            InDoubt => Some(JobKind::Reconcile),
            _ => None,
        };
        if let Some(kind) = work {
            self.enqueue(kind);
        }
    }

    /// One unfinished job of a kind.
    fn enqueue(&mut self, kind: JobKind) {
        self.jobs[place_of(kind)].get_or_insert(Job {
            state: JobState::Available,
            lease: Lease::Nobody,
        });
    }

    fn done(&self, steps: &mut Vec<Step>, what: &str, change: impl FnOnce(&mut Situation)) {
        let mut to = *self;
        change(&mut to);
        steps.push(Step {
            what: what.to_owned(),
            to,
            broken: None,
        });
    }
}

fn place_of(kind: JobKind) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap()
}

/// The states in which a step of this kind goes on; in any other it ends at once.
fn works_on(kind: JobKind, state: PublicationState) -> bool {
    match kind {
        JobKind::Prepare => matches!(state, Scheduled | Preparing),
        JobKind::Upload => matches!(state, Ready | Uploading),
        JobKind::Publish => matches!(state, Staged | Publishing),
        JobKind::Confirm => matches!(state, Confirming | HandedOff),
        JobKind::Reconcile => state == InDoubt,
        JobKind::Amend => state == HandedOff,
        JobKind::Probe | JobKind::Poster | JobKind::Extras => false,
    }
}
