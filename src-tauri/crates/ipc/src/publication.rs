use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Realm, SendingPlan, WallTime, WireError};

/// One post to one account; the thing that has a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Publication {
    pub id: String,
    pub post_id: String,
    pub account_id: String,
    /// As it was when the post was scheduled; stays readable after a disconnect.
    pub account_name: String,
    pub platform: String,
    pub platform_name: String,
    pub realm: Realm,
    pub state: PublicationState,
    /// Since when it is in `state`.
    pub since: Timestamp,
    /// What it waits for while `state` is `needs_user`.
    pub needs_user_reason: Option<NeedsUserReason>,
    /// The last problem that mattered; none after the next success.
    pub error: Option<WireError>,
    /// Published, but: "cover not set".
    pub warnings: Vec<String>,
    pub planned: Option<WallTime>,
    /// The instant of `planned`, or when "now" was pressed.
    pub due_at: Option<Timestamp>,
    /// When the next attempt starts by itself.
    pub next_attempt_at: Option<Timestamp>,
    pub receipt: Option<Receipt>,
    /// Before it is handed over: the platform will be given the time to hold, and this computer may be off then.
    pub hand_over: bool,
    /// Held back by the user since then.
    pub paused_at: Option<Timestamp>,
    /// While it has not been sent: when sending starts, and why then.
    pub sending_plan: Option<SendingPlan>,
    /// The due time the user asked for, once lateness has moved it.
    #[serde(default)]
    pub postponed_from: Option<Timestamp>,
    /// Missed, as the user wanted it when late: nobody is asked about it.
    #[serde(default)]
    pub is_let_go: bool,
    /// What the user may do now, by the state machine's own table.
    pub actions: Vec<PublicationAction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    Draft,
    Scheduled,
    Preparing,
    Ready,
    Uploading,
    /// Uploaded, not yet public.
    Staged,
    Publishing,
    /// Sent; being read back.
    Confirming,
    /// Read back from the platform.
    Published,
    /// The platform holds the time: safe with the computer off.
    HandedOff,
    /// Sent, and unknown whether it arrived.
    InDoubt,
    NeedsUser,
    /// Its time passed while it could not be sent.
    Missed,
    Failed,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PublicationAction {
    Cancel,
    Retry,
    AnswerInDoubt,
    Pause,
    Resume,
    SendFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NeedsUserReason {
    /// `error` names what to do; doing it and pressing retry is safe.
    FixAndRetry,
    /// Only the user can look whether the post is there.
    CannotTell,
}

/// What was read back from the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Receipt {
    /// None where the platform gives none.
    pub remote_id: Option<String>,
    /// None where the platform gives no link, as for a post only the creator can see.
    pub url: Option<String>,
    pub published_at: Timestamp,
    pub visibility: Option<String>,
    /// False when the user, not the platform, said that the post is there.
    pub read_back: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicationRequest {
    pub id: String,
}

/// About everything in `ids` that is still missed; the rest is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecideMissedRequest {
    pub ids: Vec<String>,
    pub decision: MissedDecision,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MissedDecision {
    /// Several of one account go out its spacing apart.
    PublishNow,
    /// When the account has nothing else near.
    NextSlot,
    At {
        #[serde(flatten)]
        at: WallTime,
    },
    LetGo,
}

/// What happens to a post whose time passed while this computer could not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum LatenessPolicy {
    /// Later than this, the user is asked.
    PublishWithin {
        late_ms: u64,
    },
    Ask,
    Skip,
    NextSlot,
}

/// What counts for posts made from now on, and how far apart late posts of one account go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LatenessSettings {
    pub policy: LatenessPolicy,
    /// At most a week.
    pub spacing_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetPostLatenessRequest {
    pub post_id: String,
    pub policy: LatenessPolicy,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerInDoubtRequest {
    pub id: String,
    pub answer: InDoubtAnswer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InDoubtAnswer {
    /// The user has seen the post at the platform.
    ItIsThere,
    /// The user has looked, and it is not there.
    SendAgain,
}

/// Everything that happened to a publication, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicationLog {
    pub publication_id: String,
    pub events: Vec<PublicationEvent>,
    pub attempts: Vec<Attempt>,
}

/// One transition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicationEvent {
    pub at: Timestamp,
    /// Who moved it: `user`, `scheduler`, `step`, `rescuer`, `reconciler`.
    pub actor: String,
    pub from: Option<PublicationState>,
    pub to: PublicationState,
    pub reason: String,
}

/// One try at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attempt {
    pub id: String,
    /// `prepare`, `upload`, `publish`, `confirm`, `reconcile`.
    pub step: String,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// How it ended, in a few words; none while it runs.
    pub outcome: Option<String>,
    pub lines: Vec<LogLine>,
}

/// One line of an attempt; already redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogLine {
    pub at: Timestamp,
    pub text: String,
}
