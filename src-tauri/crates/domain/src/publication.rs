//! One post to one account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    extra::Extra,
    ids::{AccountId, PostId, PublicationId},
    lateness::LatenessPolicy,
    post::Content,
    problem::Problem,
    publication_state::PublicationState,
    transfer::Transfer,
};

/// What the platform said when it was read back. Times and visibility are the platform's, not ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The platform's id of the post; `None` where it gives none (TikTok's “Only me”).
    pub remote_id: Option<String>,
    pub url: Option<String>,
    pub published_at: Timestamp,
    /// As read back, in the platform's words.
    pub visibility: Option<String>,
    /// False when the user, not the platform, said that the post is there.
    pub read_back: bool,
}

/// How a platform finds this post again: an opaque, public (not secret) reference that the adapter made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteHandle(pub serde_json::Value);

/// Why a publication waits for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedsUserReason {
    /// The problem names what to do; doing it and pressing retry is safe.
    FixAndRetry,
    /// It cannot be found out whether the post is there; only the user can look.
    CannotTell,
}

/// One post to one account; the thing that has a status.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    pub id: PublicationId,
    pub post_id: PostId,
    pub account_id: AccountId,
    pub content: Content,
    pub state: PublicationState,
    pub needs_user: Option<NeedsUserReason>,
    /// The last problem that mattered; cleared by the next success.
    pub problem: Option<Problem>,
    /// When it is to go public; `None` while a draft.
    pub due_at: Option<Timestamp>,
    pub lateness: LatenessPolicy,
    /// The due time the user asked for, once lateness has moved it.
    pub postponed_from: Option<Timestamp>,
    /// Set once the platform has a post or is making one.
    pub remote: Option<RemoteHandle>,
    pub receipt: Option<Receipt>,
    /// Things that did not work although the post is live.
    pub warnings: Vec<String>,
    /// What is added once it is live, in the order in which it is done.
    pub extras: Vec<Extra>,
    /// What the user wants of sending it, and how it is planned.
    pub transfer: Transfer,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// One line of a publication's history.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicationEvent {
    pub publication_id: PublicationId,
    pub at: Timestamp,
    pub from: Option<PublicationState>,
    pub to: PublicationState,
    /// A [`crate::publication_state::Mover`]'s name.
    pub actor: String,
    pub reason: String,
}
