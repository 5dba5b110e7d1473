//! What YouTube can do and takes. Numbers from §4, §5 and §7 of its contract.

use std::time::Duration;

use daypart_domain::{
    capabilities::{Capabilities, LookUp, NativeSchedule, PollPlan, PublishTrigger},
    chunk_plan::ChunkRule,
    cover::CoverChoice,
    delivery_specs,
    extra::{self, ExtraSpec},
    options::{OptionKind, OptionSpec},
    platform::{PlatformId, Realm},
    quota::{Quota, QuotaScope, QuotaWindow},
    text::{TextDefault, TextRule, TextUnit},
};

/// Option keys. Values go to the wire in `upload.rs`.
pub mod keys {
    /// `private`, `unlisted` or `public`; no default: an omitted one would mean public (§3).
    pub const VISIBILITY: &str = "visibility";
    /// `yes` or `no`; a legal declaration, so no default.
    pub const MADE_FOR_KIDS: &str = "made_for_kids";
    pub const TAGS: &str = "tags";
    pub const CATEGORY: &str = "category";
    pub const LICENSE: &str = "license";
    pub const EMBEDDABLE: &str = "embeddable";
    pub const PUBLIC_STATS: &str = "public_stats";
    pub const NOTIFY_SUBSCRIBERS: &str = "notify_subscribers";
    pub const SYNTHETIC_MEDIA: &str = "synthetic_media";
    /// One of the channel's own.
    pub const PLAYLIST: &str = "playlist";
    /// BCP 47, of captions that go along with the video.
    pub const CAPTION_LANGUAGE: &str = "caption_language";
}

/// The addition that needs no file.
pub const PLAYLIST_EXTRA: &str = "playlist";

/// All can be made while the video is still private.
const EXTRAS: &[ExtraSpec] = &[
    ExtraSpec {
        key: extra::COVER,
        label: "cover",
        early: true,
    },
    ExtraSpec {
        key: extra::CAPTIONS,
        label: "captions",
        early: true,
    },
    ExtraSpec {
        key: PLAYLIST_EXTRA,
        label: "playlist",
        early: true,
    },
];

pub const TITLE_FIELD: &str = "title";
pub const DESCRIPTION_FIELD: &str = "description";
pub const DEFAULT_CATEGORY: &str = "22";
pub const DEFAULT_LICENSE: &str = "youtube";
pub const DEFAULT_CAPTION_LANGUAGE: &str = "en";

/// Every chunk but the last must be a multiple of this (§4).
const GRAIN_BYTES: u64 = 256 << 10;
/// Large: what arrived of a chunk that broke off is kept, so that a break costs one grain whatever this is.
const CHUNK_BYTES: u64 = 16 << 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const DOCS: &str = "YouTube Data API, videos resource (§5)";

/// §8: eventual consistency of the uploads list.
const REAL_LISTING: &[Duration] = &[
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
];
const PRACTICE_LISTING: &[Duration] = &[
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
];

/// §4, step 5.
const REAL_POLLS: PollPlan = PollPlan {
    steps: &[
        (Duration::from_secs(10), 6),
        (Duration::from_secs(30), 10),
        (Duration::from_secs(60), 24),
        (Duration::from_secs(600), 1),
    ],
    give_up_after: DAY,
};

/// The simulator works about a second and a half on a video.
const PRACTICE_POLLS: PollPlan = PollPlan {
    steps: &[
        (Duration::from_millis(600), 6),
        (Duration::from_secs(2), 10),
        (Duration::from_secs(5), 1),
    ],
    give_up_after: Duration::from_secs(15 * 60),
};

pub fn capabilities(realm: Realm) -> Capabilities {
    Capabilities {
        platform: PlatformId::from_static("youtube"),
        name: super::NAME,
        publish_trigger: PublishTrigger::LastByte,
        chunk_rule: ChunkRule::ShortTail {
            grain_bytes: GRAIN_BYTES,
            chunk_bytes: CHUNK_BYTES,
        },
        // Not documented: hours. An upload that is gone is begun again.
        staging_lifetime: None,
        // A time in the past publishes at once (§9), so the lead is generous.
        native_schedule: Some(NativeSchedule {
            lead_min: Duration::from_secs(15 * 60),
            lead_max: None,
        }),
        extras: EXTRAS,
        cover: CoverChoice::Picture,
        look_up: LookUp {
            by_handle: true,
            by_listing: true,
            by_idempotency_key: false,
            listing_delays: match realm {
                Realm::Real => REAL_LISTING,
                Realm::Practice => PRACTICE_LISTING,
            },
        },
        text_rules: text_rules(),
        options: options(),
        option_rules: Vec::new(),
        delivery: delivery_specs::YOUTUBE_VIDEO,
        quotas: vec![Quota {
            label: "uploads of this developer project",
            posts: 100,
            scope: QuotaScope::Client,
            window: QuotaWindow::PacificDay,
            source: "YouTube quota calculator (§7)",
        }],
        confirm_polls: match realm {
            Realm::Real => REAL_POLLS,
            Realm::Practice => PRACTICE_POLLS,
        },
        developer_guide: &[
            "Sign in at console.cloud.google.com and create a project.",
            "Enable the YouTube Data API v3 for it.",
            "Set up the consent screen and press Publish app: in “Testing” every sign-in ends after 7 days.",
            "Create an OAuth client of the type Desktop app. Its redirect address {redirect_uri} needs no registration.",
            "Copy client ID and client secret into Daypart.",
        ],
        redirect_uri_pattern: "http://127.0.0.1:*/callback",
        consent: Some((
            "By uploading you confirm that the video follows YouTube's Terms of Service and Community Guidelines.",
            &[
                ("Terms of Service", "https://www.youtube.com/t/terms"),
                (
                    "Community Guidelines",
                    "https://www.youtube.com/howyoutubeworks/policies/community-guidelines/",
                ),
            ],
        )),
    }
}

fn text_rules() -> Vec<TextRule> {
    vec![
        TextRule {
            field: TITLE_FIELD,
            label: "Title",
            required: true,
            // The stricter of the two units that the documents leave open.
            unit: TextUnit::Utf16,
            max: 100,
            forbidden: &['<', '>'],
            default: TextDefault::FirstLineOfCaption,
            source: DOCS,
        },
        TextRule {
            field: DESCRIPTION_FIELD,
            label: "Description",
            required: false,
            unit: TextUnit::Bytes,
            max: 5000,
            forbidden: &['<', '>'],
            default: TextDefault::Caption,
            source: DOCS,
        },
    ]
}

fn options() -> Vec<OptionSpec> {
    vec![
        required_choice(
            keys::VISIBILITY,
            "Visibility",
            "Who can watch the video.",
            vec![
                ("public", "Public"),
                ("unlisted", "Unlisted"),
                ("private", "Private"),
            ],
        ),
        required_choice(
            keys::MADE_FOR_KIDS,
            "Made for kids",
            "YouTube asks everyone to say so, by law (COPPA).",
            vec![
                ("no", "No, it's not made for kids"),
                ("yes", "Yes, it's made for kids"),
            ],
        ),
        OptionSpec {
            key: keys::TAGS,
            label: "Tags",
            help: "500 characters in total; a tag with a space counts two more.",
            kind: OptionKind::Tags { max_total: 500 },
            required: false,
            depends_on: None,
        },
        OptionSpec {
            key: keys::CATEGORY,
            label: "Category",
            help: "",
            kind: OptionKind::Choice {
                choices: categories(),
                default: Some(DEFAULT_CATEGORY),
            },
            required: false,
            depends_on: None,
        },
        OptionSpec {
            key: keys::LICENSE,
            label: "License",
            help: "",
            kind: OptionKind::Choice {
                choices: vec![
                    (DEFAULT_LICENSE, "Standard YouTube License"),
                    ("creativeCommon", "Creative Commons - Attribution"),
                ],
                default: Some(DEFAULT_LICENSE),
            },
            required: false,
            depends_on: None,
        },
        OptionSpec {
            key: keys::PLAYLIST,
            label: "Playlist",
            help: "",
            kind: OptionKind::AccountChoice,
            required: false,
            depends_on: None,
        },
        OptionSpec {
            key: keys::CAPTION_LANGUAGE,
            label: "Language of the captions",
            help: "For a captions file that goes along with the video.",
            kind: OptionKind::Choice {
                choices: languages(),
                default: Some(DEFAULT_CAPTION_LANGUAGE),
            },
            required: false,
            depends_on: None,
        },
        toggle(
            keys::SYNTHETIC_MEDIA,
            "Altered or synthetic content",
            "Realistic content made or changed with AI.",
            false,
        ),
        toggle(keys::NOTIFY_SUBSCRIBERS, "Notify subscribers", "", true),
        toggle(keys::EMBEDDABLE, "Allow embedding", "", true),
        toggle(keys::PUBLIC_STATS, "Show statistics to everyone", "", true),
    ]
}

/// Categories that are assignable everywhere (Y11 lists them per region).
fn categories() -> Vec<(&'static str, &'static str)> {
    vec![
        ("1", "Film & Animation"),
        ("2", "Autos & Vehicles"),
        ("10", "Music"),
        ("15", "Pets & Animals"),
        ("17", "Sports"),
        ("19", "Travel & Events"),
        ("20", "Gaming"),
        ("22", "People & Blogs"),
        ("23", "Comedy"),
        ("24", "Entertainment"),
        ("25", "News & Politics"),
        ("26", "Howto & Style"),
        ("27", "Education"),
        ("28", "Science & Technology"),
    ]
}

/// Languages that captions are often written in.
fn languages() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ar", "Arabic"),
        ("bn", "Bengali"),
        ("zh-Hans", "Chinese (simplified)"),
        ("zh-Hant", "Chinese (traditional)"),
        ("cs", "Czech"),
        ("da", "Danish"),
        ("nl", "Dutch"),
        ("en", "English"),
        ("fi", "Finnish"),
        ("fr", "French"),
        ("de", "German"),
        ("el", "Greek"),
        ("he", "Hebrew"),
        ("hi", "Hindi"),
        ("hu", "Hungarian"),
        ("id", "Indonesian"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("nb", "Norwegian"),
        ("fa", "Persian"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ro", "Romanian"),
        ("ru", "Russian"),
        ("es", "Spanish"),
        ("sv", "Swedish"),
        ("th", "Thai"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("vi", "Vietnamese"),
    ]
}

fn required_choice(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    choices: Vec<(&'static str, &'static str)>,
) -> OptionSpec {
    OptionSpec {
        key,
        label,
        help,
        kind: OptionKind::Choice {
            choices,
            default: None,
        },
        required: true,
        depends_on: None,
    }
}

fn toggle(key: &'static str, label: &'static str, help: &'static str, default: bool) -> OptionSpec {
    OptionSpec {
        key,
        label,
        help,
        kind: OptionKind::Toggle { default },
        required: false,
        depends_on: None,
    }
}
