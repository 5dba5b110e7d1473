//! What TikTok can do and takes. Numbers from §4.1, §5 and §7 of its contract.

use std::time::Duration;

use daypart_domain::{
    capabilities::{Capabilities, LookUp, PollPlan, PublishTrigger},
    chunk_plan::ChunkRule,
    cover::CoverChoice,
    delivery_specs,
    options::{Dependency, OptionKind, OptionRule, OptionSpec, OptionValue},
    platform::{PlatformId, Realm},
    quota::{Quota, QuotaScope, QuotaWindow},
    text::{TextDefault, TextRule, TextUnit},
};

/// Option keys. Values go to the wire in `upload.rs`.
pub mod keys {
    /// One of the account's own choices; never has a default (audit duty 2).
    pub const PRIVACY_LEVEL: &str = "privacy_level";
    pub const ALLOW_COMMENT: &str = "allow_comment";
    pub const ALLOW_DUET: &str = "allow_duet";
    pub const ALLOW_STITCH: &str = "allow_stitch";
    /// The switch above the two kinds of commercial content (audit duty 4).
    pub const DISCLOSE_COMMERCIAL: &str = "disclose_commercial";
    /// `brand_organic_toggle` on the wire.
    pub const YOUR_BRAND: &str = "your_brand";
    /// `brand_content_toggle` on the wire.
    pub const BRANDED_CONTENT: &str = "branded_content";
    pub const AI_GENERATED: &str = "ai_generated";
}

pub const CAPTION_FIELD: &str = "title";

const SINGLE_CHUNK_BYTES_MAX: u64 = 64_000_000;
const CHUNK_BYTES: u64 = 10_000_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// §4.4, last line.
const REAL_POLLS: PollPlan = PollPlan {
    steps: &[
        (Duration::from_secs(5), 6),
        (Duration::from_secs(15), 8),
        (Duration::from_secs(60), 28),
        (Duration::from_secs(600), 1),
    ],
    give_up_after: DAY,
};

/// The simulator works about a second on a post; its status call keeps the real limit of 30 a minute.
const PRACTICE_POLLS: PollPlan = PollPlan {
    steps: &[
        (Duration::from_millis(700), 6),
        (Duration::from_secs(2), 10),
        (Duration::from_secs(5), 1),
    ],
    give_up_after: Duration::from_secs(15 * 60),
};

pub fn capabilities(realm: Realm) -> Capabilities {
    Capabilities {
        platform: PlatformId::from_static("tiktok"),
        name: super::NAME,
        publish_trigger: PublishTrigger::LastByte,
        chunk_rule: ChunkRule::FloorWithLongTail {
            single_max_bytes: SINGLE_CHUNK_BYTES_MAX,
            chunk_bytes: CHUNK_BYTES,
        },
        staging_lifetime: Some(Duration::from_secs(60 * 60)),
        native_schedule: None,
        extras: &[],
        cover: CoverChoice::OwnFrame,
        look_up: LookUp {
            by_handle: true,
            by_listing: false,
            by_idempotency_key: false,
            listing_delays: &[],
        },
        text_rules: vec![TextRule {
            field: CAPTION_FIELD,
            label: "Caption",
            required: false,
            unit: TextUnit::Utf16,
            max: 2200,
            forbidden: &[],
            default: TextDefault::Caption,
            source: "TikTok Direct Post reference (§5)",
        }],
        options: options(),
        option_rules: option_rules(),
        delivery: delivery_specs::TIKTOK,
        quotas: quotas(),
        confirm_polls: match realm {
            Realm::Real => REAL_POLLS,
            Realm::Practice => PRACTICE_POLLS,
        },
        developer_guide: &[
            "Sign in at developers.tiktok.com and create an app.",
            "Add the products Login Kit and Content Posting API; switch Direct Post on.",
            "Under Login Kit choose Desktop and register the redirect URI {redirect_uri}",
            "Ask for the scopes user.info.basic and video.publish.",
            "Copy client key and client secret into Daypart.",
            "Until TikTok has audited the app, posts are limited to “Only me” on a private account.",
        ],
        redirect_uri_pattern: "http://127.0.0.1:*/callback/",
        consent: Some((
            "By posting, you agree to TikTok's Music Usage Confirmation and, for branded content, to its Branded \
             Content Policy. It may take a few minutes until the video shows on your profile.",
            &[
                (
                    "Music Usage Confirmation",
                    "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en",
                ),
                (
                    "Branded Content Policy",
                    "https://www.tiktok.com/legal/page/global/bc-policy/en",
                ),
            ],
        )),
    }
}

fn options() -> Vec<OptionSpec> {
    vec![
        OptionSpec {
            key: keys::PRIVACY_LEVEL,
            label: "Who can view this video",
            help: "TikTok asks you to choose for every post.",
            kind: OptionKind::AccountChoice,
            required: true,
            depends_on: None,
        },
        toggle(keys::ALLOW_COMMENT, "Allow comments", ""),
        toggle(keys::ALLOW_DUET, "Allow Duet", ""),
        toggle(keys::ALLOW_STITCH, "Allow Stitch", ""),
        toggle(
            keys::DISCLOSE_COMMERCIAL,
            "Disclose video content",
            "Turn on when the video promotes goods or services in exchange for something of value.",
        ),
        OptionSpec {
            depends_on: disclosed(),
            ..toggle(
                keys::YOUR_BRAND,
                "Your brand",
                "You promote yourself or your own business. TikTok labels the video “Promotional content”.",
            )
        },
        OptionSpec {
            depends_on: disclosed(),
            ..toggle(
                keys::BRANDED_CONTENT,
                "Branded content",
                "You promote another brand or a third party. TikTok labels the video “Paid partnership”.",
            )
        },
        toggle(
            keys::AI_GENERATED,
            "AI-generated",
            "The video was made or changed with AI in a way that looks real.",
        ),
    ]
}

fn toggle(key: &'static str, label: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec {
        key,
        label,
        help,
        kind: OptionKind::Toggle { default: false },
        required: false,
        depends_on: None,
    }
}

fn disclosed() -> Option<Dependency> {
    Some(Dependency {
        key: keys::DISCLOSE_COMMERCIAL,
        value: OptionValue::Toggle(true),
    })
}

/// Audit duties 4 and 5.
fn option_rules() -> Vec<OptionRule> {
    vec![
        OptionRule::OneOf {
            when: Dependency {
                key: keys::DISCLOSE_COMMERCIAL,
                value: OptionValue::Toggle(true),
            },
            keys: &[keys::YOUR_BRAND, keys::BRANDED_CONTENT],
            sentence: "Say whether the video promotes your own brand, another brand, or both.",
        },
        OptionRule::Excludes {
            when: Dependency {
                key: keys::BRANDED_CONTENT,
                value: OptionValue::Toggle(true),
            },
            key: keys::PRIVACY_LEVEL,
            value: OptionValue::Text("SELF_ONLY".into()),
            sentence: "Branded content visibility cannot be private. Choose who can view it.",
        },
    ]
}

fn quotas() -> Vec<Quota> {
    vec![Quota {
        label: "posts of this account through all apps",
        posts: 15,
        scope: QuotaScope::Account,
        window: QuotaWindow::Rolling(DAY),
        source: "TikTok Content Sharing Guidelines (§5)",
    }]
}
