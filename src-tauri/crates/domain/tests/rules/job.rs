//! The job's state machine: at least once, never lost.

use std::collections::{BTreeSet, HashSet};

use daypart_domain::job::{
    JobKind,
    JobState::{self, *},
    TRANSITIONS, valid_prior,
};
use proptest::{prelude::*, sample::Index};

const MOVES: &[(JobState, &[JobState])] = &[
    (Pending, &[Scheduled, Available, Cancelled]),
    (Scheduled, &[Available, Running, Cancelled]),
    (Available, &[Running, Scheduled, Cancelled]),
    (Running, &[Completed, Retryable, Scheduled, Cancelled, Discarded]),
    (Retryable, &[Running, Available, Scheduled, Cancelled, Discarded]),
    (Completed, &[]),
    (Cancelled, &[]),
    (Discarded, &[]),
];

fn reachable(from: JobState) -> HashSet<JobState> {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        for (_, to) in TRANSITIONS.iter().filter(|step| step.0 == state) {
            if seen.insert(*to) {
                open.push(*to);
            }
        }
    }
    seen
}

#[test]
fn every_pair_of_states_agrees_with_the_table() {
    assert_eq!(MOVES.len(), JobState::ALL.len());
    for (from, targets) in MOVES {
        for to in JobState::ALL {
            let expected = targets.contains(&to);
            assert_eq!(TRANSITIONS.contains(&(*from, to)), expected, "{from} → {to}");
            assert_eq!(valid_prior(to).contains(from), expected, "{from} → {to}");
        }
    }
}

#[test]
fn a_job_that_ended_never_moves_again() {
    for state in JobState::ALL {
        let moves = TRANSITIONS.iter().any(|step| step.0 == state);
        assert_eq!(state.is_final(), !moves, "{state}");
    }
}

#[test]
fn every_unfinished_job_can_run_to_completion_and_can_be_cancelled() {
    for state in JobState::ALL.into_iter().filter(|state| !state.is_final()) {
        assert!(reachable(state).contains(&Completed), "{state}");
        assert!(TRANSITIONS.contains(&(state, Cancelled)), "{state}");
    }
}

#[test]
fn a_job_completes_only_by_running() {
    assert_eq!(valid_prior(Completed), [Running]);
}

#[test]
fn a_failure_is_never_lost_from_running() {
    // The rescuer's way (a dead lease) and a failed attempt's way are the same.
    assert!(valid_prior(Retryable).contains(&Running));
    assert!(valid_prior(Running).contains(&Retryable));
}

#[test]
fn words_are_unique_and_read_back() {
    for state in JobState::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    for kind in JobKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    let words: BTreeSet<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(words.len(), JobState::ALL.len());
    assert!("sleeping".parse::<JobState>().is_err());
    assert!("dance".parse::<JobKind>().is_err());
}

proptest! {
    #[test]
    fn a_walk_passes_through_running_before_it_completes(choices in prop::collection::vec(any::<Index>(), 1..100)) {
        let (mut state, mut ran) = (Pending, false);
        for choice in choices {
            let legal: Vec<_> = TRANSITIONS.iter().filter(|step| step.0 == state).collect();
            if legal.is_empty() {
                break;
            }
            state = legal[choice.index(legal.len())].1;
            ran |= state == Running;
        }
        prop_assert!(state != Completed || ran);
    }
}
