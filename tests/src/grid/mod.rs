//! The crash grid: every step of a publication × everything that may happen to it. The rows and columns are here, the
//! cells are given by whoever can play them; a cell that cannot exist says why.

mod draw;
mod play;

pub use draw::Draw;
pub use play::{Part, play};

/// What Daypart is doing when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Probe,
    Prepare,
    Open,
    Upload,
    Publish,
    HandOver,
    Confirm,
    Reconcile,
    Amend,
    Refresh,
    Extras,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    KilledBefore,
    /// After the effect and before the record.
    KilledAfter,
    AnswerLost,
    AnswerTwice,
    /// 5xx with an HTML page.
    ServerError,
    SlowBody,
    CutAtByte,
    TruncatedAnswer,
    TokenExpired,
    TokenRevoked,
    DiskFull,
    /// Two hours, forwards or backwards.
    ClockJump,
    /// Summer time begins or ends.
    ClockChange,
}

impl Step {
    pub const ALL: [Self; 11] = [
        Self::Probe,
        Self::Prepare,
        Self::Open,
        Self::Upload,
        Self::Publish,
        Self::HandOver,
        Self::Confirm,
        Self::Reconcile,
        Self::Amend,
        Self::Refresh,
        Self::Extras,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Prepare => "prepare",
            Self::Open => "open",
            Self::Upload => "upload",
            Self::Publish => "publish",
            Self::HandOver => "hand-over",
            Self::Confirm => "confirm",
            Self::Reconcile => "reconcile",
            Self::Amend => "amend",
            Self::Refresh => "refresh",
            Self::Extras => "extras",
        }
    }
}

impl Trouble {
    pub const ALL: [Self; 13] = [
        Self::KilledBefore,
        Self::KilledAfter,
        Self::AnswerLost,
        Self::AnswerTwice,
        Self::ServerError,
        Self::SlowBody,
        Self::CutAtByte,
        Self::TruncatedAnswer,
        Self::TokenExpired,
        Self::TokenRevoked,
        Self::DiskFull,
        Self::ClockJump,
        Self::ClockChange,
    ];

    /// Short enough for the head of a column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KilledBefore => "killed<",
            Self::KilledAfter => "killed>",
            Self::AnswerLost => "lost",
            Self::AnswerTwice => "twice",
            Self::ServerError => "5xx",
            Self::SlowBody => "slow",
            Self::CutAtByte => "cut",
            Self::TruncatedAnswer => "half",
            Self::TokenExpired => "expired",
            Self::TokenRevoked => "revoked",
            Self::DiskFull => "full",
            Self::ClockJump => "clock",
            Self::ClockChange => "summer",
        }
    }
}

/// Whether and how a cell is played.
pub enum Cell<C> {
    Case(C),
    /// There is no such cell; the sentence says why.
    Absent(&'static str),
}
