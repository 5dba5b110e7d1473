//! The publication's state machine. The table below is the only place that says what may follow what and who
//! may do it; the store turns [`valid_prior`] into the `WHERE` of the one UPDATE that moves a row, and
//! `docs/states.md` is generated from here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a publication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    Draft,
    Scheduled,
    Preparing,
    Ready,
    Uploading,
    Staged,
    Publishing,
    Confirming,
    HandedOff,
    InDoubt,
    NeedsUser,
    Missed,
    Published,
    Failed,
    Cancelled,
}

/// Who moves a publication. Each mover owns its transitions; nobody else's code contains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mover {
    /// A person, through the window or the terminal.
    User,
    /// The timer: due, or past its grace.
    Scheduler,
    /// A step, for its own step only.
    Step,
    /// Settles what a dead process left.
    Rescuer,
    /// Reads the platform and answers a doubt.
    Reconciler,
}

use Mover::{Reconciler, Rescuer, Scheduler, Step, User};
use PublicationState::{
    Cancelled, Confirming, Draft, Failed, HandedOff, InDoubt, Missed, NeedsUser, Preparing, Published,
    Publishing, Ready, Scheduled, Staged, Uploading,
};

/// Every legal move: from, to, by whom.
pub const TRANSITIONS: &[(PublicationState, PublicationState, Mover)] = &[
    // The user plans and changes their mind.
    (Draft, Scheduled, User),
    (Draft, Cancelled, User),
    (Scheduled, Draft, User),
    // Another time: one move, so that no crash can leave the post off the schedule.
    (Scheduled, Scheduled, User),
    (Scheduled, Cancelled, User),
    (Preparing, Cancelled, User),
    (Ready, Draft, User),
    (Ready, Scheduled, User),
    (Ready, Cancelled, User),
    (Uploading, Cancelled, User),
    (Staged, Draft, User),
    (Staged, Scheduled, User),
    (Staged, Cancelled, User),
    // After the platform has let go of it.
    (HandedOff, Cancelled, User),
    (HandedOff, Draft, User),
    // Another time, which the platform is then told.
    (HandedOff, HandedOff, User),
    (NeedsUser, Scheduled, User),
    (NeedsUser, Draft, User),
    (NeedsUser, Published, User),
    (NeedsUser, Cancelled, User),
    (Missed, Scheduled, User),
    (Missed, Draft, User),
    (Missed, Cancelled, User),
    (Failed, Scheduled, User),
    (Failed, Draft, User),
    (Failed, Cancelled, User),
    (Cancelled, Draft, User),
    (Cancelled, Scheduled, User),
    // The timer.
    (Scheduled, Missed, Scheduler),
    (Ready, Missed, Scheduler),
    (Uploading, Missed, Scheduler),
    (Staged, Missed, Scheduler),
    // Late: due anew at the account's next free slot.
    (Scheduled, Scheduled, Scheduler),
    (Ready, Ready, Scheduler),
    // While there is no network and nothing has been sent.
    (Uploading, Uploading, Scheduler),
    (Staged, Staged, Scheduler),
    // The steps, each its own stretch of the road.
    (Scheduled, Preparing, Step),
    (Preparing, Ready, Step),
    (Preparing, Scheduled, Step),
    (Preparing, NeedsUser, Step),
    (Preparing, Failed, Step),
    (Scheduled, NeedsUser, Step),
    (Scheduled, Failed, Step),
    (Ready, Uploading, Step),
    (Ready, NeedsUser, Step),
    (Ready, Failed, Step),
    (Uploading, Staged, Step),
    (Uploading, Ready, Step),
    (Uploading, NeedsUser, Step),
    (Uploading, Failed, Step),
    (Staged, Publishing, Step),
    (Staged, Ready, Step),
    (Staged, NeedsUser, Step),
    (Staged, Failed, Step),
    (Publishing, Confirming, Step),
    (Publishing, Staged, Step),
    (Publishing, HandedOff, Step),
    (Publishing, InDoubt, Step),
    (Publishing, NeedsUser, Step),
    (Publishing, Failed, Step),
    (Confirming, Published, Step),
    (Confirming, HandedOff, Step),
    (Confirming, NeedsUser, Step),
    (Confirming, Failed, Step),
    // The platform took it, failed by a fault of its own, and says so: it is sent again.
    (Confirming, Ready, Step),
    (HandedOff, Published, Step),
    (HandedOff, NeedsUser, Step),
    (HandedOff, Failed, Step),
    // The platform cannot change what it holds: taken back and sent anew.
    (HandedOff, Scheduled, Step),
    // The record is a copy or an old state of one that may have published since: nothing goes out unasked.
    (Scheduled, NeedsUser, Rescuer),
    (Preparing, NeedsUser, Rescuer),
    (Ready, NeedsUser, Rescuer),
    (Uploading, NeedsUser, Rescuer),
    (Staged, NeedsUser, Rescuer),
    // A process died in the middle of the one call that cannot be repeated.
    (Publishing, InDoubt, Rescuer),
    // Only reading the platform ends a doubt.
    (InDoubt, Confirming, Reconciler),
    (InDoubt, Published, Reconciler),
    (InDoubt, HandedOff, Reconciler),
    (InDoubt, Staged, Reconciler),
    (InDoubt, Ready, Reconciler),
    (InDoubt, NeedsUser, Reconciler),
    (InDoubt, Failed, Reconciler),
];

/// The states from which `mover` may move a publication to `target`. Empty: never.
pub fn valid_prior(target: PublicationState, mover: Mover) -> Vec<PublicationState> {
    TRANSITIONS
        .iter()
        .filter(|(_, to, by)| *to == target && *by == mover)
        .map(|(from, _, _)| *from)
        .collect()
}

/// What a state means, who moves it out, and how long it is kept; for `docs/states.md`.
pub struct StateFacts {
    pub meaning: &'static str,
    pub kept: &'static str,
}

impl PublicationState {
    pub const ALL: [PublicationState; 15] = [
        Draft, Scheduled, Preparing, Ready, Uploading, Staged, Publishing, Confirming, HandedOff, InDoubt,
        NeedsUser, Missed, Published, Failed, Cancelled,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Draft => "draft",
            Scheduled => "scheduled",
            Preparing => "preparing",
            Ready => "ready",
            Uploading => "uploading",
            Staged => "staged",
            Publishing => "publishing",
            Confirming => "confirming",
            HandedOff => "handed_off",
            InDoubt => "in_doubt",
            NeedsUser => "needs_user",
            Missed => "missed",
            Published => "published",
            Failed => "failed",
            Cancelled => "cancelled",
        }
    }

    /// Nothing moves it any more unless the user asks for it.
    pub const fn is_final(self) -> bool {
        matches!(self, Published | Failed | Cancelled)
    }

    /// The engine has nothing left to do by itself.
    pub const fn is_settled(self) -> bool {
        matches!(self, Draft | Published | Failed | Cancelled | NeedsUser | Missed)
    }

    /// The user may still change text, options and time.
    pub const fn is_editable(self) -> bool {
        matches!(
            self,
            Draft | Scheduled | Ready | Staged | HandedOff | NeedsUser | Missed | Failed | Cancelled
        )
    }

    pub const fn facts(self) -> StateFacts {
        let (meaning, kept) = match self {
            Draft => ("Being written; nothing is planned.", "until scheduled or deleted"),
            Scheduled => (
                "Has a due time; nothing has been done yet.",
                "until preparation starts",
            ),
            Preparing => (
                "The file is checked and, where needed, converted.",
                "while the prepare job runs",
            ),
            Ready => (
                "What will be sent exists and complies.",
                "until the upload starts, at due time minus lead",
            ),
            Uploading => (
                "Bytes are on their way; nothing is public.",
                "while the upload job runs",
            ),
            Staged => (
                "All that can be done early is done; only the final small call is left.",
                "until due, at most the platform's staging lifetime",
            ),
            Publishing => (
                "The final call has been decided, recorded and may have been made.",
                "while the publish job runs",
            ),
            Confirming => (
                "The platform has taken it; its outcome is being read back.",
                "until the platform answers with an end state",
            ),
            HandedOff => (
                "The platform holds the time; this computer may be off.",
                "until the platform has published it",
            ),
            InDoubt => (
                "The final call was made and its answer is unknown; nothing is sent before the platform has been read.",
                "until the reconciler has an answer",
            ),
            NeedsUser => (
                "Stopped until the user does something; the reason says what.",
                "until the user answers",
            ),
            Missed => (
                "Its time passed while this computer could not act.",
                "until the user decides",
            ),
            Published => ("Read back from the platform: it is there.", "90 days of history"),
            Failed => (
                "It will not work; the problem says why. Nothing is public.",
                "90 days of history",
            ),
            Cancelled => (
                "The user called it off before anything was public.",
                "90 days of history",
            ),
        };
        StateFacts { meaning, kept }
    }
}

impl fmt::Display for PublicationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no publication state called {0:?}")]
pub struct UnknownState(pub String);

impl FromStr for PublicationState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

impl Mover {
    pub const ALL: [Mover; 5] = [User, Scheduler, Step, Rescuer, Reconciler];

    pub const fn as_str(self) -> &'static str {
        match self {
            User => "user",
            Scheduler => "scheduler",
            Step => "step",
            Rescuer => "rescuer",
            Reconciler => "reconciler",
        }
    }
}

impl fmt::Display for Mover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
