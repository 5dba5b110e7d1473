//! When accounts are looked at, what may be removed, and what a publication needs to go on.

use std::time::Duration;

use daypart_domain::{
    account_check::{AccountCheck, CHECK_EVERY, due_at, end_to_tell},
    housekeeping::{Left, history_ends},
    ids::{AccountId, PublicationId},
    integrity::{Standing, missing_job},
    job::JobKind,
    problem::{Problem, codes},
    publication_state::PublicationState,
};
use jiff::Timestamp;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn look(asked_at: Timestamp, answered_at: Option<Timestamp>) -> AccountCheck {
    AccountCheck {
        account_id: AccountId::from_uuid(uuid::Uuid::from_u128(1)),
        asked_at,
        answered_at,
        problem: answered_at
            .is_none()
            .then(|| Problem::transient(codes::NETWORK_OFFLINE, "no route")),
        sign_in_ends_at: None,
        told_end: None,
    }
}

#[test]
fn an_account_is_looked_at_a_day_after_it_was_connected_or_last_answered() {
    assert_eq!(due_at(noon(), None, None, CHECK_EVERY), noon() + DAY);
    let answered = look(noon() + DAY, Some(noon() + DAY));
    assert_eq!(
        due_at(noon(), Some(&answered), None, CHECK_EVERY),
        noon() + 2 * DAY
    );
}

#[test]
fn it_is_looked_at_a_day_before_its_next_post() {
    let post_at = noon() + DAY + 5 * HOUR;
    assert_eq!(
        due_at(noon(), None, Some(post_at), CHECK_EVERY),
        noon() + 5 * HOUR
    );
    // That look was taken: the next one is the daily one.
    let answered = look(noon() + 5 * HOUR, Some(noon() + 5 * HOUR));
    assert_eq!(
        due_at(noon(), Some(&answered), Some(post_at), CHECK_EVERY),
        noon() + DAY + 5 * HOUR
    );
    // A post that is near when the account is connected asks for none before the daily one.
    assert_eq!(
        due_at(noon(), None, Some(noon() + HOUR), CHECK_EVERY),
        noon() + DAY
    );
}

#[test]
fn a_look_without_an_answer_is_taken_again_after_an_hour() {
    let asked = noon() + DAY;
    let failed = look(asked, None);
    assert_eq!(due_at(noon(), Some(&failed), None, CHECK_EVERY), asked + HOUR);
}

#[test]
fn the_end_of_a_sign_in_is_told_once_a_week_ahead() {
    let mut check = look(noon(), Some(noon()));
    check.sign_in_ends_at = Some(noon() + 8 * DAY);
    assert_eq!(end_to_tell(&check, noon()), None);
    assert_eq!(end_to_tell(&check, noon() + DAY), check.sign_in_ends_at);
    check.told_end = check.sign_in_ends_at;
    assert_eq!(end_to_tell(&check, noon() + 2 * DAY), None);
    check.sign_in_ends_at = Some(noon() + 5 * DAY);
    assert_eq!(
        end_to_tell(&check, noon() + 2 * DAY),
        check.sign_in_ends_at,
        "another end"
    );
}

#[test]
fn only_what_is_abandoned_and_unnamed_goes() {
    let cases = [
        ("rendition-1.mp4.part", true, 3 * HOUR, true),
        ("rendition-1.mp4.part", false, HOUR, false),
        ("rendition-1.mp4.work", false, 3 * HOUR, true),
        ("rendition-1.mp4", true, 300 * HOUR, false),
        ("rendition-1.mp4", false, 3 * HOUR, true),
        ("rendition-1.mp4", false, HOUR, false),
        ("poster-1.jpg", false, 3 * HOUR, true),
        ("poster-1.jpg", true, 3 * HOUR, false),
        ("cache", false, 3_000 * HOUR, false),
        ("holiday.mp4", false, 3_000 * HOUR, false),
    ];
    for (name, is_named, age, goes) in cases {
        assert_eq!(
            Left::by_name(name).may_go(is_named, age),
            goes,
            "{name} {is_named} {age:?}"
        );
    }
}

#[test]
fn history_ends_the_chosen_days_ago_or_never() {
    assert_eq!(history_ends(noon(), Some(90)), Some(noon() - 90 * DAY));
    assert_eq!(history_ends(noon(), None), None);
}

fn standing(state: PublicationState, due_at: Timestamp) -> Standing {
    Standing {
        id: PublicationId::from_uuid(uuid::Uuid::from_u128(2)),
        state,
        due_at: Some(due_at),
        extras_wait: false,
        unfinished: Vec::new(),
    }
}

#[test]
fn whatever_moves_by_itself_lacks_a_job_when_it_has_none() {
    for state in PublicationState::ALL {
        let lacks = missing_job(&standing(state, noon() + DAY), noon()).is_some();
        let moves = !state.is_settled() && state != PublicationState::Publishing;
        assert_eq!(lacks, moves, "{state}");
    }
    let mut published = standing(PublicationState::Published, noon());
    published.extras_wait = true;
    assert_eq!(
        missing_job(&published, noon()).map(|job| job.kind),
        Some(JobKind::Extras)
    );
}

#[test]
fn a_job_that_is_there_is_enough_and_one_of_another_kind_is_not() {
    let mut staged = standing(PublicationState::Staged, noon());
    staged.unfinished = vec![JobKind::Confirm];
    assert!(missing_job(&staged, noon()).is_some());
    staged.unfinished.push(JobKind::Publish);
    assert_eq!(missing_job(&staged, noon()), None);
}

#[test]
fn nothing_goes_out_before_its_time_and_what_is_late_stays_late() {
    for state in [
        PublicationState::Scheduled,
        PublicationState::Preparing,
        PublicationState::Ready,
        PublicationState::Uploading,
        PublicationState::Staged,
    ] {
        let late = missing_job(&standing(state, noon() - DAY), noon()).unwrap();
        assert_eq!(
            late.at,
            noon() - DAY,
            "{state}: lateness is counted from the due time"
        );
    }
    let ahead = |state| missing_job(&standing(state, noon() + DAY), noon()).unwrap().at;
    assert_eq!(ahead(PublicationState::Staged), noon() + DAY);
    assert_eq!(ahead(PublicationState::Scheduled), noon());
    assert_eq!(ahead(PublicationState::Ready), noon() + DAY - HOUR / 2);
    assert_eq!(ahead(PublicationState::HandedOff), noon() + DAY);
}
