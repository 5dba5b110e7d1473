//! What an engine is made of.

use std::{path::PathBuf, sync::Arc, time::Duration};

use daypart_ports::{
    browser::{Browser, RedirectListeners},
    clock::Clock,
    media::{MediaEncoder, MediaProbe},
    network::Network,
    randomness::Randomness,
    registry::PlatformRegistry,
    secrets::SecretVault,
    store::Store,
    timeline::MediaTimeline,
};

/// Who may run the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Holds the instance lock; settles what the last run left and does the work.
    Owner,
    /// A short-lived process beside the owner: records wishes, touches nothing that is in flight.
    Guest,
}

/// Folders the engine writes to. It writes nowhere else.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Posters and renditions.
    pub media: PathBuf,
}

/// Waiting times and limits. Tests shorten them; the meaning stays.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// First delay after a counted failure; doubles up to eightfold.
    pub retry_base: Duration,
    /// First delay before a broken transfer is resumed within one run; doubles.
    pub resume_base: Duration,
    /// Resumes without progress before the run counts as a failure.
    pub resumes_max: u32,
    /// A token is refreshed when it has less than this left.
    pub refresh_ahead: Duration,
    /// Transfers at the same time, and conversions.
    pub transfers_max: usize,
    pub transfers_per_account_max: usize,
    pub conversions_max: usize,
    pub probes_max: usize,
    /// Final calls and readings at the same time.
    pub calls_max: usize,
    /// How long a sign-in waits for the browser.
    pub sign_in_wait: Duration,
    /// Between two rounds (housekeeping, looks at accounts); `None` makes none.
    pub rounds_every: Option<Duration>,
    /// With less room than this the user is told before work starts.
    pub disk_low_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_base: Duration::from_secs(60),
            resume_base: Duration::from_secs(1),
            resumes_max: 5,
            refresh_ahead: Duration::from_secs(300),
            transfers_max: 3,
            transfers_per_account_max: 1,
            conversions_max: 1,
            probes_max: 2,
            calls_max: 16,
            sign_in_wait: Duration::from_secs(600),
            rounds_every: Some(daypart_domain::account_check::CHECK_EVERY),
            disk_low_bytes: 2_000_000_000,
        }
    }
}

/// The outside, as traits, and settings. Filled by the composition root.
pub struct EngineParts {
    pub role: Role,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub randomness: Arc<dyn Randomness>,
    pub network: Arc<dyn Network>,
    pub vault: Arc<dyn SecretVault>,
    pub media_probe: Arc<dyn MediaProbe>,
    pub media_encoder: Arc<dyn MediaEncoder>,
    pub media_timeline: Arc<dyn MediaTimeline>,
    pub platforms: PlatformRegistry,
    pub browser: Arc<dyn Browser>,
    pub redirects: Arc<dyn RedirectListeners>,
    pub folders: Folders,
    pub pace: Pace,
}
