//! Six makes of platform: how each publishes, and how each can be asked afterwards.

use std::time::Duration;

use daypart_domain::{
    capabilities::{Capabilities, LookUp, NativeSchedule, PollPlan, PublishTrigger},
    chunk_plan::ChunkRule,
    platform::PlatformId,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Public by its last byte; the upload can be asked.
    LastByte,
    /// A container is filled and published by a call; the container can be asked.
    Container,
    /// A call with a key: repeated, it answers with the first post.
    Keyed,
    /// Holds the time by itself, from ten minutes to thirty days ahead.
    Holding,
    /// Only its list of posts can be read, and that is behind.
    Lagging,
    /// Public by its last byte, and nothing can be asked.
    Blind,
}

/// How far the list of [`Kind::Lagging`] can be behind.
pub const LAG_MAX: Duration = Duration::from_secs(300);

const READINGS_OF_A_LAGGING_LIST: &[Duration] = &[
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(240),
];
const READINGS: &[Duration] = &[Duration::from_secs(20)];
const POLLS: &[(Duration, u32)] = &[(Duration::from_secs(20), 6), (Duration::from_secs(300), 1)];
const CHUNK_BYTES: u64 = 65_536;

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::LastByte,
        Kind::Container,
        Kind::Keyed,
        Kind::Holding,
        Kind::Lagging,
        Kind::Blind,
    ];

    pub fn platform(self) -> PlatformId {
        PlatformId::new(format!("soak-{self:?}").to_lowercase())
    }

    /// How long an unfinished upload lives.
    pub fn staging_lifetime(self) -> Option<Duration> {
        match self {
            Kind::LastByte | Kind::Blind => Some(Duration::from_secs(3_600)),
            Kind::Container => Some(Duration::from_secs(86_400)),
            Kind::Keyed | Kind::Holding | Kind::Lagging => None,
        }
    }

    /// Takes what `like` takes.
    pub fn capabilities(self, like: &Capabilities) -> Capabilities {
        let mut capabilities = like.clone();
        capabilities.platform = self.platform();
        capabilities.publish_trigger = match self {
            Kind::LastByte | Kind::Blind => PublishTrigger::LastByte,
            _ => PublishTrigger::SeparateCall,
        };
        capabilities.chunk_rule = ChunkRule::Equal {
            chunk_bytes: CHUNK_BYTES,
        };
        capabilities.text_rules.clear();
        capabilities.options.clear();
        capabilities.option_rules.clear();
        capabilities.quotas.clear();
        capabilities.extras = &[];
        capabilities.staging_lifetime = self.staging_lifetime();
        capabilities.native_schedule = (self == Kind::Holding).then_some(NativeSchedule {
            lead_min: Duration::from_secs(600),
            lead_max: Some(Duration::from_secs(30 * 86_400)),
        });
        capabilities.look_up = LookUp {
            by_handle: matches!(self, Kind::LastByte | Kind::Container),
            by_listing: matches!(self, Kind::Holding | Kind::Lagging),
            by_idempotency_key: self == Kind::Keyed,
            listing_delays: match self {
                Kind::Lagging => READINGS_OF_A_LAGGING_LIST,
                Kind::Holding | Kind::Keyed => READINGS,
                Kind::LastByte | Kind::Container | Kind::Blind => &[],
            },
        };
        capabilities.confirm_polls = PollPlan {
            steps: POLLS,
            give_up_after: Duration::from_secs(2 * 86_400),
        };
        capabilities
    }
}
