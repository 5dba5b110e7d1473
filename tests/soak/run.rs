//! One run: days of posting under faults, sleeps, crashes and second thoughts, then calm, then the reckoning.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use daypart_domain::ids::PostId;
use daypart_ports::clock::Clock;
use jiff::Timestamp;

use crate::{
    checks::{self, Figures},
    dice::Dice,
    faults::{Interruption, Interrupts},
    user::User,
    world::World,
};

const DAY_S: u64 = 86_400;
/// Enough for every time that was planned, every look at a platform and every retry.
const CALM_DAYS: u64 = 8;
/// Real time: nothing here should take a fraction of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub seed: u64,
    pub days: u64,
    pub publications: usize,
    pub accounts: usize,
    /// How far a list can really be behind; readings are planned for [`crate::kinds::LAG_MAX`].
    pub lag_max: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    NewPost,
    SecondThought,
    UserLooks,
    Sleep,
    Crash,
    Inspection,
}

pub struct Run {
    size: Size,
    dice: Dice,
    pub world: World,
    pub user: User,
    events: BTreeSet<(Timestamp, u64, Event)>,
    counted_events: u64,
    planned_publications: usize,
    crashes: u64,
    sleeps: u64,
    began: Instant,
}

impl Run {
    pub async fn whole(size: Size) -> Figures {
        let mut run = Self::new(size).await;
        run.world.around.is_calm.store(false, Ordering::Relaxed);
        run.stormy_days().await;
        run.world.around.is_calm.store(true, Ordering::Relaxed);
        run.calm_days().await;
        let (crashes, sleeps) = (run.crashes, run.sleeps);
        checks::reckon(&run.world, &run.user, crashes, sleeps, run.began.elapsed()).await
    }

    async fn new(size: Size) -> Self {
        let dice = Dice(size.seed);
        let began = Instant::now();
        let world = World::new(dice, size.accounts, size.lag_max).await;
        let mut run = Self {
            size,
            dice,
            world,
            user: User::default(),
            events: BTreeSet::new(),
            counted_events: 0,
            planned_publications: 0,
            crashes: 0,
            sleeps: 0,
            began,
        };
        let mut roll = dice.about("the plan");
        // Two publications to a post on average.
        for _ in 0..size.publications {
            run.expect(Event::NewPost, roll.below(size.days * DAY_S));
        }
        for _ in 0..size.publications / 4 {
            run.expect(Event::SecondThought, roll.below(size.days * DAY_S));
        }
        for day in 0..size.days {
            for _ in 0..4 {
                run.expect(Event::UserLooks, day * DAY_S + roll.below(DAY_S));
            }
            run.expect(Event::Inspection, day * DAY_S + DAY_S - 1);
            run.expect(Event::Sleep, day * DAY_S + roll.below(DAY_S));
            run.expect(Event::Crash, day * DAY_S + roll.below(DAY_S));
        }
        run
    }

    fn expect(&mut self, event: Event, after_s: u64) {
        self.counted_events += 1;
        let at = self.world.clock.now() + Duration::from_secs(after_s);
        self.events.insert((at, self.counted_events, event));
    }

    async fn stormy_days(&mut self) {
        while let Some((at, number, event)) = self.events.pop_first() {
            self.work_until(at).await;
            let mut roll = self.dice.about((number, "event"));
            match event {
                Event::NewPost if self.planned_publications < self.size.publications => {
                    self.conducting(true);
                    self.planned_publications += self
                        .user
                        .plan_new(&self.world, self.user.posts.len(), &mut roll)
                        .await;
                    self.conducting(false);
                }
                Event::NewPost => {}
                Event::SecondThought if !self.user.posts.is_empty() => {
                    // Mostly about what is recent.
                    let recent = self.user.posts.len().min(40) as u64;
                    let back = usize::try_from(roll.below(recent)).unwrap();
                    let post = self.user.posts[self.user.posts.len() - 1 - back].0;
                    self.second_thought(post, number).await;
                }
                Event::SecondThought => {}
                Event::UserLooks => self.user_looks().await,
                Event::Sleep => {
                    self.sleeps += 1;
                    let hours = 2 + roll.below(8);
                    self.world.clock.advance(Duration::from_secs(3_600 * hours));
                }
                Event::Crash => self.crash().await,
                Event::Inspection => {
                    self.idle().await;
                    checks::inspect(&self.world, &self.user).await;
                }
            }
        }
    }

    /// Nothing goes wrong any more: everything has to come to its end.
    async fn calm_days(&mut self) {
        let end = self.world.clock.now() + Duration::from_secs(CALM_DAYS * DAY_S);
        while self.world.clock.now() < end {
            let at = self.world.clock.now() + Duration::from_secs(DAY_S / 4);
            self.work_until(at).await;
            self.user_looks().await;
        }
        self.work_until(end + Duration::from_secs(3 * DAY_S)).await;
        checks::inspect(&self.world, &self.user).await;
    }

    /// Lets everything happen that is due before `at`, each thing at its time, and comes to `at`.
    async fn work_until(&mut self, at: Timestamp) {
        loop {
            self.idle().await;
            self.impatience().await;
            match self.world.store.next_due().await.unwrap() {
                Some(due) if due < at => self.world.clock.advance_to(due),
                _ => break,
            }
        }
        self.world.clock.advance_to(at);
    }

    /// Waits until the engine has nothing to do, and meanwhile does what interrupts it.
    async fn idle(&mut self) {
        let began = Instant::now();
        let mut sleeps = self.world.clock.sleeps();
        while !self.world.is_idle().await {
            tokio::select! {
                biased;
                interruption = self.world.interruptions.recv() => {
                    self.heed(interruption.expect("the platforms are there")).await;
                }
                _ = sleeps.changed() => {}
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
            self.world.assert_working();
            if began.elapsed() > PATIENCE {
                panic!("it does not come to rest: {}", checks::running(&self.world).await);
            }
        }
    }

    async fn heed(&mut self, interruption: Interruption) {
        match interruption.what {
            Interrupts::Crash => self.crash().await,
            Interrupts::User => {
                let post = self
                    .user
                    .posts
                    .iter()
                    .find(|(_, token)| *token == interruption.token)
                    .map(|(id, _)| *id);
                if let Some(post) = post {
                    self.counted_events += 1;
                    self.second_thought(post, self.counted_events).await;
                }
                // The call may have been called off meanwhile.
                let _ = interruption.go_on.send(());
            }
        }
    }

    async fn second_thought(&mut self, post: PostId, number: u64) {
        let mut roll = self.dice.about((number, "second thought"));
        self.conducting(true);
        self.user.act(&self.world, post, &mut roll).await;
        self.conducting(false);
    }

    async fn user_looks(&mut self) {
        self.idle().await;
        self.conducting(true);
        self.user.look(&self.world).await;
        self.conducting(false);
    }

    /// Somebody watches a doubt and presses “retry” until it is gone or they give up.
    async fn impatience(&mut self) {
        let second = self.world.clock.now().as_second();
        let presses = self.dice.about((second, "impatience")).below(16);
        for _ in 0..presses.saturating_sub(10) {
            self.conducting(true);
            let is_left = self.user.press_retry(&self.world).await;
            self.conducting(false);
            self.idle().await;
            if !is_left {
                break;
            }
        }
    }

    async fn crash(&mut self) {
        self.crashes += 1;
        self.world.crash().await;
    }

    fn conducting(&self, is_conducting: bool) {
        self.world
            .around
            .is_conducting
            .store(is_conducting, Ordering::Relaxed);
    }
}

/// Sizes as `seed=1,days=90,publications=10000,accounts=40`; what is not named stays.
pub fn size_from(words: &str, mut size: Size) -> Size {
    let named: BTreeMap<&str, u64> = words
        .split(',')
        .filter_map(|word| word.split_once('='))
        .map(|(name, number)| (name, number.parse().expect("a number")))
        .collect();
    size.seed = named.get("seed").copied().unwrap_or(size.seed);
    size.days = named.get("days").copied().unwrap_or(size.days);
    let count = |name: &str, otherwise: usize| {
        named
            .get(name)
            .map_or(otherwise, |number| usize::try_from(*number).unwrap())
    };
    size.publications = count("publications", size.publications);
    size.accounts = count("accounts", size.accounts);
    size
}
