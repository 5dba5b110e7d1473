//! Identifiers. Each kind of thing has its own id type; one kind can never be passed for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was drawn elsewhere; this crate draws none.
            pub const fn from_uuid(value: Uuid) -> Self {
                Self(value)
            }

            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId { kind: stringify!($name) })
            }
        }
    };
}

/// A text that is not an id of the named kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    pub kind: &'static str,
}

id!(
    /// A source file in the library.
    AssetId
);
id!(
    /// One of our accounts at a platform.
    AccountId
);
id!(
    /// What the user composes: text, options and an asset for one or more destinations.
    PostId
);
id!(
    /// One post to one account; the thing that has a status.
    PublicationId
);
id!(
    /// A unit of work in the queue.
    JobId
);
id!(
    /// One run of a job.
    AttemptId
);
id!(
    /// One run of the process that owns the database; a lease names it.
    OwnerId
);
id!(
    /// A sign-in that is under way in the browser.
    ConnectId
);
