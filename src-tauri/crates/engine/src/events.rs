//! What the engine tells its listeners. Events say that something changed; the truth is in the store.

use daypart_domain::{
    ids::{AccountId, AssetId, ConnectId, PostId, PublicationId},
    problem::Problem,
    publication_state::PublicationState,
};

use crate::timeline::{StripId, StripPicture};

/// How far a transfer is.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferProgress {
    pub publication_id: PublicationId,
    pub sent_bytes: u64,
    pub total_bytes: u64,
    /// Smoothed; `None` in the first moment.
    pub rate_bytes_per_s: Option<f64>,
    pub eta_s: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    AssetChanged(AssetId),
    AccountChanged(AccountId),
    PostChanged(PostId),
    PublicationMoved {
        publication_id: PublicationId,
        post_id: PostId,
        to: PublicationState,
    },
    Transfer(TransferProgress),
    ConnectFinished {
        connect_id: ConnectId,
        outcome: Result<AccountId, Problem>,
    },
    /// Work was added or its time changed; a guest passes this on to the owner.
    WorkChanged,
    /// Another process changed the database.
    ChangedOutside,
    /// More is known of an asset over time.
    TimelineChanged(AssetId),
    /// There is more, or something else, to play of the asset.
    PlaybackChanged(AssetId),
    /// Pictures of an open strip. `problem`: why it ended early.
    StripPictures {
        strip: StripId,
        pictures: Vec<StripPicture>,
        is_complete: bool,
        problem: Option<Problem>,
    },
    /// A rule or a pause for all transfers changed.
    TransfersChanged,
    /// These missed their time; one notice for all of them.
    Missed(Vec<PublicationId>),
    Notice(Problem),
}
