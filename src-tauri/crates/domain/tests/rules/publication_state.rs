//! The publication's state machine. The table is written a second time here, from the design's point of view
//! (who may do what from where), so that a change of one is a decision and not an accident.

use std::collections::BTreeSet;

use daypart_domain::publication_state::{
    Mover::{self, Reconciler, Rescuer, Scheduler, Step, User},
    PublicationState::{self, *},
    TRANSITIONS, valid_prior,
};
use proptest::{prelude::*, sample::Index};

/// Where each mover may take a state.
type Moves = &'static [(Mover, &'static [PublicationState])];

const MOVES: &[(PublicationState, Moves)] = &[
    (Draft, &[(User, &[Scheduled, Cancelled])]),
    (
        Scheduled,
        &[
            (User, &[Draft, Scheduled, Cancelled]),
            (Scheduler, &[Missed, Scheduled]),
            (Step, &[Preparing, NeedsUser, Failed]),
            (Rescuer, &[NeedsUser]),
        ],
    ),
    (
        Preparing,
        &[
            (User, &[Cancelled]),
            (Step, &[Ready, Scheduled, NeedsUser, Failed]),
            (Rescuer, &[NeedsUser]),
        ],
    ),
    (
        Ready,
        &[
            (User, &[Draft, Scheduled, Cancelled]),
            (Scheduler, &[Missed, Ready]),
            (Step, &[Uploading, NeedsUser, Failed]),
            (Rescuer, &[NeedsUser]),
        ],
    ),
    (
        Uploading,
        &[
            (User, &[Cancelled]),
            (Scheduler, &[Missed, Uploading]),
            (Step, &[Staged, Ready, NeedsUser, Failed]),
            (Rescuer, &[NeedsUser]),
        ],
    ),
    (
        Staged,
        &[
            (User, &[Draft, Scheduled, Cancelled]),
            (Scheduler, &[Missed, Staged]),
            (Step, &[Publishing, Ready, NeedsUser, Failed]),
            (Rescuer, &[NeedsUser]),
        ],
    ),
    (
        Publishing,
        &[
            (Step, &[Confirming, Staged, HandedOff, InDoubt, NeedsUser, Failed]),
            (Rescuer, &[InDoubt]),
        ],
    ),
    (
        Confirming,
        &[(Step, &[Published, HandedOff, Ready, NeedsUser, Failed])],
    ),
    (
        HandedOff,
        &[
            (User, &[Cancelled, Draft, HandedOff]),
            (Step, &[Published, NeedsUser, Failed, Scheduled]),
        ],
    ),
    (
        InDoubt,
        &[(
            Reconciler,
            &[Confirming, Published, HandedOff, Staged, Ready, NeedsUser, Failed],
        )],
    ),
    (NeedsUser, &[(User, &[Scheduled, Draft, Published, Cancelled])]),
    (Missed, &[(User, &[Scheduled, Draft, Cancelled])]),
    (Published, &[]),
    (Failed, &[(User, &[Scheduled, Draft, Cancelled])]),
    (Cancelled, &[(User, &[Draft, Scheduled])]),
];

/// The final call has been made, may have been made, or has worked.
const AFTER_THE_CALL: [PublicationState; 5] = [Publishing, Confirming, HandedOff, InDoubt, Published];

/// On the road to the final call.
const BEFORE_THE_CALL: [PublicationState; 6] = [Draft, Scheduled, Preparing, Ready, Uploading, Staged];

/// The one way back without a person or a look at the platform: the publish step itself, still alive, knows
/// that its call never left this computer.
const STEP_KNOWS_NOTHING_LEFT: (PublicationState, PublicationState, Mover) = (Publishing, Staged, Step);

/// The platform itself said that it let go of what it held.
const STEP_TOOK_IT_BACK: (PublicationState, PublicationState, Mover) = (HandedOff, Scheduled, Step);

/// The platform itself said that nothing came of it, by a fault of its own.
const STEP_READ_A_FAULT: (PublicationState, PublicationState, Mover) = (Confirming, Ready, Step);

/// Proven to be nowhere: the way to sending is open again.
fn is_proof(step: &(PublicationState, PublicationState, Mover)) -> bool {
    [STEP_KNOWS_NOTHING_LEFT, STEP_TOOK_IT_BACK, STEP_READ_A_FAULT].contains(step)
}

/// Another time, by the user or for a late post by the timer.
const STANDING_STILL: [(PublicationState, PublicationState, Mover); 6] = [
    (Scheduled, Scheduled, User),
    (HandedOff, HandedOff, User),
    (Scheduled, Scheduled, Scheduler),
    (Ready, Ready, Scheduler),
    (Uploading, Uploading, Scheduler),
    (Staged, Staged, Scheduler),
];

fn reachable(
    from: PublicationState,
    allowed: impl Fn(&(PublicationState, PublicationState, Mover)) -> bool,
) -> BTreeSet<PublicationState> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        let moves = TRANSITIONS.iter().filter(|step| step.0 == state && allowed(step));
        for (_, to, _) in moves {
            if seen.insert(*to) {
                open.push(*to);
            }
        }
    }
    seen
}

#[test]
fn every_pair_of_states_and_every_mover_agree_with_the_table() {
    assert_eq!(MOVES.len(), PublicationState::ALL.len());
    for (from, movers) in MOVES {
        for to in PublicationState::ALL {
            for by in Mover::ALL {
                let expected = movers
                    .iter()
                    .any(|(mover, targets)| *mover == by && targets.contains(&to));
                assert_eq!(
                    valid_prior(to, by).contains(from),
                    expected,
                    "{from} → {to} by {by}"
                );
                assert_eq!(
                    TRANSITIONS.contains(&(*from, to, by)),
                    expected,
                    "{from} → {to} by {by}"
                );
            }
        }
    }
}

#[test]
fn no_transition_is_listed_twice_and_only_another_time_stands_still() {
    for (index, step) in TRANSITIONS.iter().enumerate() {
        assert!(!TRANSITIONS[..index].contains(step), "{step:?}");
        assert!(step.0 != step.1 || STANDING_STILL.contains(step), "{step:?}");
    }
}

#[test]
fn after_the_final_call_only_a_person_or_a_look_at_the_platform_leads_back_to_sending() {
    let automatic = |step: &(PublicationState, PublicationState, Mover)| {
        !matches!(step.2, User | Reconciler) && !is_proof(step)
    };
    for from in AFTER_THE_CALL {
        let back: Vec<PublicationState> = reachable(from, automatic)
            .into_iter()
            .filter(|state| BEFORE_THE_CALL.contains(state) || *state == Publishing)
            .collect();
        assert!(back.is_empty(), "{from} leads back to {back:?}");
    }
}

#[test]
fn a_dead_process_in_the_final_call_leaves_a_doubt_and_nothing_else() {
    let by_rescuer = TRANSITIONS
        .iter()
        .filter(|step| step.2 == Rescuer && AFTER_THE_CALL.contains(&step.0));
    assert_eq!(by_rescuer.collect::<Vec<_>>(), [&(Publishing, InDoubt, Rescuer)]);
}

#[test]
fn only_the_reconciler_ends_a_doubt_and_it_does_nothing_else() {
    for (from, _, by) in TRANSITIONS {
        assert_eq!(*from == InDoubt, *by == Reconciler, "{from} by {by}");
    }
}

#[test]
fn published_is_the_end() {
    assert!(TRANSITIONS.iter().all(|step| step.0 != Published));
}

#[test]
fn published_is_reached_only_after_reading_the_platform_or_by_the_users_word() {
    assert_eq!(valid_prior(Published, Step), [Confirming, HandedOff]);
    assert_eq!(valid_prior(Published, Reconciler), [InDoubt]);
    assert_eq!(valid_prior(Published, User), [NeedsUser]);
    assert!(valid_prior(Published, Scheduler).is_empty() && valid_prior(Published, Rescuer).is_empty());
}

#[test]
fn the_final_call_is_decided_in_one_place() {
    for by in Mover::ALL {
        let expected: &[PublicationState] = if by == Step { &[Staged] } else { &[] };
        assert_eq!(valid_prior(Publishing, by), expected);
    }
}

#[test]
fn every_state_is_reachable_and_every_unfinished_one_can_finish() {
    let from_draft = reachable(Draft, |_| true);
    for state in PublicationState::ALL {
        assert!(from_draft.contains(&state), "{state} is never reached");
        if !state.is_final() {
            let ends = reachable(state, |_| true);
            assert!(ends.iter().any(|end| end.is_final()), "{state} never ends");
        }
    }
}

#[test]
fn without_the_user_every_state_comes_to_rest() {
    for state in PublicationState::ALL {
        if !state.is_settled() {
            let rests = reachable(state, |step| step.2 != User);
            assert!(rests.iter().any(|rest| rest.is_settled()), "{state} never rests");
        }
    }
}

#[test]
fn what_is_final_is_settled_and_nothing_automatic_moves_what_is_settled() {
    for state in PublicationState::ALL {
        assert!(!state.is_final() || state.is_settled(), "{state}");
        if state.is_settled() {
            let moved_by_itself = TRANSITIONS.iter().any(|step| step.0 == state && step.2 != User);
            assert!(!moved_by_itself, "{state}");
        }
    }
}

#[test]
fn what_may_be_edited_is_not_on_its_way() {
    let held = |state: &PublicationState| *state == HandedOff;
    for state in AFTER_THE_CALL
        .into_iter()
        .filter(|state| !held(state))
        .chain([Uploading, Preparing])
    {
        assert!(!state.is_editable(), "{state}");
    }
}

#[test]
fn names_are_unique_and_read_back() {
    let names: BTreeSet<&str> = PublicationState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(names.len(), PublicationState::ALL.len());
    for state in PublicationState::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        assert!(!state.facts().meaning.is_empty() && !state.facts().kept.is_empty());
    }
    assert!("sent".parse::<PublicationState>().is_err());
}

proptest! {
    /// However the engine's own movers take turns, between two final calls there is a person, a look at the
    /// platform, or the publish step's own knowledge that nothing left.
    #[test]
    fn no_walk_makes_the_final_call_twice_unasked(choices in prop::collection::vec(any::<Index>(), 1..200)) {
        let mut state = Draft;
        let mut call_is_open = false;
        for choice in choices {
            let legal: Vec<_> = TRANSITIONS.iter().filter(|step| step.0 == state).collect();
            if legal.is_empty() {
                break;
            }
            let step = legal[choice.index(legal.len())];
            if matches!(step.2, User | Reconciler) || is_proof(step) {
                call_is_open = false;
            }
            if step.1 == Publishing {
                prop_assert!(!call_is_open, "a second call");
                call_is_open = true;
            }
            state = step.1;
        }
    }

    #[test]
    fn valid_prior_is_the_table_read_backwards(state in prop::sample::select(&PublicationState::ALL[..]),
                                               by in prop::sample::select(&Mover::ALL[..])) {
        for prior in valid_prior(state, by) {
            prop_assert!(TRANSITIONS.contains(&(prior, state, by)));
        }
        let count = TRANSITIONS.iter().filter(|step| step.1 == state && step.2 == by).count();
        prop_assert_eq!(valid_prior(state, by).len(), count);
    }
}
