//! Every situation that the publication and lease protocol can come into, one after another: two owners in turn, people
//! beside them, a crash between any two steps. The moves are those of the product's own tables.
//!
//! Explored by hand and not with a checker's library: “from everywhere an end can be reached” is asked of the whole
//! graph, backwards, which `stateright` has no property for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a case that cannot go on fails"
)]

mod protocol;

use std::{
    collections::{HashMap, HashSet, VecDeque, hash_map::Entry},
    sync::OnceLock,
};

use daypart_domain::publication_state::{
    Mover,
    PublicationState::{self, *},
    TRANSITIONS,
};

use protocol::{Move, Situation};

struct Explored {
    situations: HashMap<Situation, Option<(Situation, String)>>,
    arrows: Vec<(Situation, Situation)>,
    /// The first way found to each thing that must not be.
    broken: Vec<(&'static str, Vec<String>)>,
}

fn explore(table: &[Move]) -> Explored {
    let beginning = Situation::beginning();
    let mut explored = Explored {
        situations: HashMap::from([(beginning, None)]),
        arrows: Vec::new(),
        broken: Vec::new(),
    };
    let mut open = VecDeque::from([beginning]);
    while let Some(situation) = open.pop_front() {
        for step in situation.next(table) {
            let broken = step.broken.or_else(|| untrue(&step.to));
            let what = step.what;
            explored.arrows.push((situation, step.to));
            if let Some(broken) = broken {
                if explored.broken.iter().all(|(known, _)| *known != broken) {
                    let mut road = explored.road_to(&situation);
                    road.push(what);
                    explored.broken.push((broken, road));
                }
                continue;
            }
            if let Entry::Vacant(place) = explored.situations.entry(step.to) {
                place.insert(Some((situation, what)));
                open.push_back(step.to);
            }
        }
    }
    explored
}

/// What must hold in every situation.
fn untrue(situation: &Situation) -> Option<&'static str> {
    if situation.posts > 1 {
        return Some("posted twice");
    }
    if situation.acting_leases() > 1 {
        return Some("two living leases act on one publication");
    }
    match situation.state {
        Published if situation.posts == 0 => Some("said to be published, and is not"),
        Draft | Scheduled | Preparing | Ready | Uploading | Staged | Missed | Failed | Cancelled
            if situation.posts > 0 =>
        {
            Some("said not to be there, and is")
        }
        _ => None,
    }
}

impl Explored {
    fn road_to(&self, situation: &Situation) -> Vec<String> {
        let mut road = Vec::new();
        let mut at = *situation;
        while let Some(Some((before, what))) = self.situations.get(&at) {
            road.push(what.clone());
            at = *before;
        }
        road.reverse();
        road
    }

    /// A situation from which no settled state can be reached any more.
    fn dead_end(&self) -> Option<&Situation> {
        let mut backwards: HashMap<Situation, Vec<Situation>> = HashMap::new();
        for (from, to) in &self.arrows {
            backwards.entry(*to).or_default().push(*from);
        }
        let mut reaching: HashSet<Situation> = self
            .situations
            .keys()
            .filter(|situation| situation.state.is_settled())
            .copied()
            .collect();
        let mut open: Vec<Situation> = reaching.iter().copied().collect();
        while let Some(situation) = open.pop() {
            for before in backwards.get(&situation).into_iter().flatten() {
                if reaching.insert(*before) {
                    open.push(*before);
                }
            }
        }
        self.situations
            .keys()
            .find(|situation| !reaching.contains(situation))
    }

    fn reached(&self) -> HashSet<PublicationState> {
        self.situations.keys().map(|situation| situation.state).collect()
    }
}

/// As the product has it; explored once.
fn as_it_is() -> &'static Explored {
    static EXPLORED: OnceLock<Explored> = OnceLock::new();
    EXPLORED.get_or_init(|| explore(TRANSITIONS))
}

fn breaks(table: &[Move]) -> Vec<&'static str> {
    explore(table).broken.iter().map(|(what, _)| *what).collect()
}

fn with(added: Move) -> Vec<Move> {
    [TRANSITIONS, &[added]].concat()
}

fn without(taken: Move) -> Vec<Move> {
    assert!(TRANSITIONS.contains(&taken));
    TRANSITIONS
        .iter()
        .copied()
        .filter(|known| *known != taken)
        .collect()
}

#[test]
fn whatever_dies_whenever_nothing_is_sent_twice_and_nothing_untrue_is_said() {
    let explored = as_it_is();
    println!(
        "{} situations, {} steps",
        explored.situations.len(),
        explored.arrows.len()
    );
    assert!(explored.broken.is_empty(), "{:#?}", explored.broken);
    assert_eq!(
        explored.reached().len(),
        PublicationState::ALL.len(),
        "every state is met: {:?}",
        explored.reached()
    );
}

#[test]
fn from_everywhere_an_end_can_be_reached() {
    let explored = as_it_is();
    let dead_end = explored.dead_end();
    assert!(
        dead_end.is_none(),
        "{dead_end:#?} by {:#?}",
        dead_end.map(|end| explored.road_to(end))
    );
}

#[test]
fn a_step_that_leaves_a_doubt_is_caught() {
    assert!(!breaks(&with((InDoubt, Staged, Mover::Step))).is_empty());
}

#[test]
fn a_user_who_can_call_off_a_call_under_way_is_caught() {
    for to in [Cancelled, Draft, Scheduled] {
        let broken = breaks(&with((Publishing, to, Mover::User)));
        assert!(
            broken.contains(&"said not to be there, and is"),
            "{to}: {broken:?}"
        );
    }
}

#[test]
fn a_user_who_can_send_again_in_a_doubt_is_caught() {
    let broken = breaks(&with((InDoubt, Scheduled, Mover::User)));
    assert!(broken.contains(&"a doubt was left by the user"), "{broken:?}");
}

#[test]
fn a_rescuer_that_repeats_is_caught() {
    let mut table = without((Publishing, InDoubt, Mover::Rescuer));
    assert!(
        explore(&table).dead_end().is_some(),
        "what died in its final call would stay there"
    );
    table.push((Publishing, Staged, Mover::Step));
    assert!(explore(&table).dead_end().is_some());
}

#[test]
fn a_doubt_that_nobody_may_end_is_caught() {
    let table: Vec<Move> = TRANSITIONS
        .iter()
        .copied()
        .filter(|(_, _, mover)| *mover != Mover::Reconciler)
        .collect();
    assert!(explore(&table).dead_end().is_some());
}
