//! Which platform, and whether it is the real one.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A platform's stable name, e.g. `tiktok`. It is a key into the registry of adapters and nothing else: code
/// outside an adapter's folder asks [`crate::capabilities::Capabilities`], never this name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlatformId(Cow<'static, str>);

impl PlatformId {
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    pub fn new(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlatformId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PlatformId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlatformId({})", self.0)
    }
}

/// Practice or real. An account belongs to one realm for its whole life, and so does everything posted to it;
/// no operation moves anything between realms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    /// The built-in simulated platforms, on this computer only.
    Practice,
    /// The platform's own servers.
    Real,
}

impl Realm {
    pub const fn as_str(self) -> &'static str {
        match self {
            Realm::Practice => "practice",
            Realm::Real => "real",
        }
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Realm {
    type Err = UnknownRealm;

    fn from_str(text: &str) -> Result<Self, UnknownRealm> {
        match text {
            "practice" => Ok(Realm::Practice),
            "real" => Ok(Realm::Real),
            _ => Err(UnknownRealm),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a realm is 'practice' or 'real'")]
pub struct UnknownRealm;
