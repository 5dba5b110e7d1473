use daypart_domain::{
    account::Account as DomainAccount,
    extra::{Extra, ExtraSpec, ExtraState},
    job::Attempt as DomainAttempt,
    lateness::LatenessPolicy,
    publication::{
        NeedsUserReason as DomainReason, Publication as DomainPublication, PublicationEvent as DomainEvent,
        Receipt as DomainReceipt,
    },
    publication_state::{Mover, PublicationState as DomainState, valid_prior},
    schedule::LocalSchedule,
    transfer::is_pausable,
};
use jiff::Timestamp;

use crate::{
    Attempt, LogLine, NeedsUserReason, Publication, PublicationAction, PublicationEvent, PublicationState,
    Receipt, WallTime,
};

/// What a publication is shown with.
#[derive(Clone, Copy, Debug)]
pub struct PublicationSurroundings<'a> {
    pub account: &'a DomainAccount,
    pub platform_name: &'a str,
    /// Of the post.
    pub schedule: Option<&'a LocalSchedule>,
    /// When its retryable job starts by itself.
    pub next_attempt_at: Option<Timestamp>,
    /// The platform will be given the time to hold.
    pub hand_over: bool,
    /// What the platform can add to a live post.
    pub extras: &'static [ExtraSpec],
}

impl Publication {
    pub fn from_domain(publication: DomainPublication, around: PublicationSurroundings<'_>) -> Self {
        let DomainPublication {
            id,
            post_id,
            account_id,
            content: _,
            state,
            needs_user,
            problem,
            due_at,
            lateness,
            postponed_from,
            remote: _,
            receipt,
            mut warnings,
            extras,
            transfer,
            created_at: _,
            updated_at,
        } = publication;
        let can_add = extras.iter().any(|extra| {
            matches!(
                extra.state,
                ExtraState::Failed { .. } | ExtraState::Waiting { problem: Some(_) }
            )
        });
        warnings.extend(
            extras
                .iter()
                .filter_map(|extra| missing_extra(extra, state, around.extras)),
        );
        let mut actions = actions(state, needs_user);
        if matches!(state, DomainState::Published | DomainState::HandedOff) && can_add {
            actions.push(PublicationAction::Retry);
        }
        actions.extend(transfer_actions(state, transfer.paused_at.is_some()));
        let is_sent = !matches!(
            state,
            DomainState::Scheduled | DomainState::Preparing | DomainState::Ready
        );
        Self {
            id: id.to_string(),
            post_id: post_id.to_string(),
            account_id: account_id.to_string(),
            account_name: around.account.display_name.clone(),
            platform: around.account.platform.as_str().to_owned(),
            platform_name: around.platform_name.to_owned(),
            realm: around.account.realm.into(),
            state: state.into(),
            since: updated_at,
            needs_user_reason: needs_user.map(Into::into),
            error: problem.map(Into::into),
            warnings,
            planned: around.schedule.cloned().map(WallTime::from),
            due_at,
            next_attempt_at: around.next_attempt_at,
            receipt: receipt.map(Into::into),
            actions,
            hand_over: around.hand_over,
            paused_at: transfer.paused_at,
            sending_plan: transfer.plan.filter(|_| !is_sent).map(Into::into),
            postponed_from,
            is_let_go: state == DomainState::Missed && lateness == LatenessPolicy::Skip,
        }
    }
}

/// “Live, cover not set” while an addition is missing; none once it is there.
pub fn missing_extra(extra: &Extra, state: DomainState, specs: &[ExtraSpec]) -> Option<String> {
    let so_far = match state {
        DomainState::Published => "Live",
        DomainState::HandedOff => "Handed over",
        _ => return None,
    };
    let label = specs
        .iter()
        .find(|spec| spec.key == extra.key)
        .map_or(extra.key.as_str(), |spec| spec.label);
    match &extra.state {
        ExtraState::Done | ExtraState::Waiting { problem: None } => None,
        ExtraState::Waiting {
            problem: Some(problem),
        } => Some(format!(
            "{so_far}, {label} not set yet: {} Daypart tries again.",
            problem.message
        )),
        ExtraState::Failed { problem } => {
            let fix = problem.fix.as_deref().map(|fix| format!(" {fix}"));
            Some(format!(
                "{so_far}, {label} not set: {}{}",
                problem.message,
                fix.unwrap_or_default()
            ))
        }
    }
}

/// What the user may do, read off the transition table.
fn actions(state: DomainState, needs_user: Option<DomainReason>) -> Vec<PublicationAction> {
    let user_may = |target| valid_prior(target, Mover::User).contains(&state);
    let cannot_tell = state == DomainState::NeedsUser && needs_user == Some(DomainReason::CannotTell);
    let stopped = matches!(
        state,
        DomainState::NeedsUser | DomainState::Missed | DomainState::Failed | DomainState::Cancelled
    );
    let mut actions = Vec::new();
    if cannot_tell {
        actions.push(PublicationAction::AnswerInDoubt);
    } else if stopped && user_may(DomainState::Scheduled) {
        actions.push(PublicationAction::Retry);
    }
    if state != DomainState::Draft && user_may(DomainState::Cancelled) {
        actions.push(PublicationAction::Cancel);
    }
    actions
}

fn transfer_actions(state: DomainState, is_paused: bool) -> Vec<PublicationAction> {
    match (is_pausable(state), is_paused) {
        (false, _) => Vec::new(),
        (true, true) => vec![PublicationAction::Resume],
        (true, false) if state == DomainState::Ready => {
            vec![PublicationAction::Pause, PublicationAction::SendFirst]
        }
        (true, false) => vec![PublicationAction::Pause],
    }
}

impl From<DomainReason> for NeedsUserReason {
    fn from(reason: DomainReason) -> Self {
        match reason {
            DomainReason::FixAndRetry => Self::FixAndRetry,
            DomainReason::CannotTell => Self::CannotTell,
        }
    }
}

impl From<DomainReceipt> for Receipt {
    fn from(receipt: DomainReceipt) -> Self {
        let DomainReceipt {
            remote_id,
            url,
            published_at,
            visibility,
            read_back,
        } = receipt;
        Self {
            remote_id,
            url,
            published_at,
            visibility,
            read_back,
        }
    }
}

impl From<DomainState> for PublicationState {
    fn from(state: DomainState) -> Self {
        match state {
            DomainState::Draft => Self::Draft,
            DomainState::Scheduled => Self::Scheduled,
            DomainState::Preparing => Self::Preparing,
            DomainState::Ready => Self::Ready,
            DomainState::Uploading => Self::Uploading,
            DomainState::Staged => Self::Staged,
            DomainState::Publishing => Self::Publishing,
            DomainState::Confirming => Self::Confirming,
            DomainState::HandedOff => Self::HandedOff,
            DomainState::InDoubt => Self::InDoubt,
            DomainState::NeedsUser => Self::NeedsUser,
            DomainState::Missed => Self::Missed,
            DomainState::Published => Self::Published,
            DomainState::Failed => Self::Failed,
            DomainState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<DomainEvent> for PublicationEvent {
    fn from(event: DomainEvent) -> Self {
        let DomainEvent {
            publication_id: _,
            at,
            from,
            to,
            actor,
            reason,
        } = event;
        Self {
            at,
            actor,
            from: from.map(Into::into),
            to: to.into(),
            reason,
        }
    }
}

impl Attempt {
    /// `lines` are those of this attempt, oldest first.
    pub fn from_domain(attempt: DomainAttempt, lines: Vec<LogLine>) -> Self {
        let DomainAttempt {
            id,
            job_id: _,
            kind,
            subject: _,
            started_at,
            ended_at,
            outcome,
            problem,
        } = attempt;
        Self {
            id: id.to_string(),
            step: kind.as_str().to_owned(),
            started_at,
            ended_at,
            outcome: outcome.or(problem.map(|problem| problem.message)),
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use daypart_domain::problem::{ErrorCode, Problem};

    use super::*;

    #[test]
    fn every_state_has_the_same_name_on_the_wire_as_in_the_domain() {
        for state in DomainState::ALL {
            let json = serde_json::to_string(&PublicationState::from(state)).unwrap();
            assert_eq!(json, format!("\"{state}\""));
        }
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_do_only_where_the_post_is_there() {
        const COVER: &[ExtraSpec] = &[ExtraSpec {
            key: "cover",
            label: "cover",
            early: true,
        }];
        let problem = Problem::permanent(ErrorCode::new("test"), "Too large.").fix("Choose another.");
        let failed = Extra {
            state: ExtraState::Failed { problem },
            ..Extra::waiting("cover")
        };
        let said = |state| missing_extra(&failed, state, COVER);
        assert_eq!(
            said(DomainState::Published).unwrap(),
            "Live, cover not set: Too large. Choose another."
        );
        assert_eq!(
            said(DomainState::HandedOff).unwrap(),
            "Handed over, cover not set: Too large. Choose another."
        );
        assert_eq!(said(DomainState::Scheduled), None);
        assert_eq!(
            missing_extra(&Extra::waiting("cover"), DomainState::Published, COVER),
            None
        );
    }

    #[test]
    fn the_user_is_offered_only_what_the_state_machine_allows() {
        assert_eq!(actions(DomainState::Draft, None), []);
        assert_eq!(actions(DomainState::Scheduled, None), [PublicationAction::Cancel]);
        assert_eq!(actions(DomainState::Publishing, None), []);
        assert_eq!(actions(DomainState::InDoubt, None), []);
        assert_eq!(actions(DomainState::Published, None), []);
        assert_eq!(
            actions(DomainState::Failed, None),
            [PublicationAction::Retry, PublicationAction::Cancel]
        );
        assert_eq!(
            actions(DomainState::NeedsUser, Some(DomainReason::CannotTell)),
            [PublicationAction::AnswerInDoubt, PublicationAction::Cancel]
        );
    }
}
