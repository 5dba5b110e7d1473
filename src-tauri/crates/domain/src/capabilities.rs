//! What a platform can do, as data. The engine, the composer, the pre-flight and the docs are derived from it;
//! nobody asks for a platform by name.

use std::time::Duration;

use crate::{
    chunk_plan::ChunkRule,
    cover::CoverChoice,
    delivery_spec::DeliverySpec,
    extra::ExtraSpec,
    options::{OptionRule, OptionSpec},
    platform::PlatformId,
    quota::Quota,
    text::TextRule,
};

/// What makes a post public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishTrigger {
    /// The arrival of the last byte. The engine holds the last chunk back until the due time.
    LastByte,
    /// A call of its own after the upload.
    SeparateCall,
}

/// The platform can hold the time itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NativeSchedule {
    pub lead_min: Duration,
    pub lead_max: Option<Duration>,
}

/// How a post can be looked up after an unclear answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LookUp {
    /// The upload handle itself can be asked whether a post came of it.
    pub by_handle: bool,
    /// The account's own posts can be listed and matched.
    pub by_listing: bool,
    /// A repeat with the same key is answered with the first post.
    pub by_idempotency_key: bool,
    /// How often, and after which delays, a listing must be read before “absent” is believed.
    pub listing_delays: &'static [Duration],
}

/// Delays of a polling plan: each pair is (delay, how many times); the last repeats until `give_up_after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollPlan {
    pub steps: &'static [(Duration, u32)],
    pub give_up_after: Duration,
}

impl PollPlan {
    /// The delay before poll number `polls` (0-based).
    pub fn delay(&self, polls: u32) -> Duration {
        let mut seen = 0;
        for (delay, times) in self.steps {
            seen += times;
            if polls < seen {
                return *delay;
            }
        }
        self.steps
            .last()
            .map_or(Duration::from_secs(60), |(delay, _)| *delay)
    }
}

/// Everything the rest of Daypart may know about a platform.
#[derive(Debug, Clone)]
pub struct Capabilities {
    pub platform: PlatformId,
    /// For people: `TikTok`.
    pub name: &'static str,
    pub publish_trigger: PublishTrigger,
    pub chunk_rule: ChunkRule,
    /// How long an unfinished upload stays usable; `None` when not documented.
    pub staging_lifetime: Option<Duration>,
    pub native_schedule: Option<NativeSchedule>,
    /// What can be added to a post once it is live.
    pub extras: &'static [ExtraSpec],
    /// What it takes as a cover, by whatever way.
    pub cover: CoverChoice,
    pub look_up: LookUp,
    pub text_rules: Vec<TextRule>,
    pub options: Vec<OptionSpec>,
    pub option_rules: Vec<OptionRule>,
    pub delivery: DeliverySpec,
    pub quotas: Vec<Quota>,
    pub confirm_polls: PollPlan,
    /// Steps to get developer keys, for the accounts page; `{redirect_uri}` is filled in.
    pub developer_guide: &'static [&'static str],
    /// What to register as redirect URI at the platform.
    pub redirect_uri_pattern: &'static str,
    /// A sentence the composer shows above the publish button, and its links as (label, url).
    pub consent: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}
