//! Practice TikTok and YouTube on loopback: emulators that keep the true contracts strictly, with a virtual
//! clock, scripted faults and a ledger of what really got posted. See the README for the control surface.
//!
//! Shares no code with the rest of Daypart on purpose: what an adapter has misunderstood must not be
//! understood the same wrong way here.

mod app;
mod blobs;
mod call;
mod clock;
mod config;
mod consent;
mod control;
mod examine;
mod faults;
mod gate;
mod journal;
mod ledger;
mod oauth;
mod pages;
mod probe;
mod rates;
mod requests;
mod server;
mod signals;
mod tiktok;
mod urls;
mod wire;
mod world;
mod youtube;

pub use clock::VirtualClock;
pub use config::{SimulatorConfig, SimulatorError};
pub use server::Simulator;
pub use urls::{
    CONTROL_HEADER, google_accounts_url, google_api_url, google_oauth2_url, tiktok_api_url, tiktok_www_url,
    youtube_www_url,
};

/// `client_key` of the one app that practice TikTok knows.
pub const PRACTICE_TIKTOK_CLIENT_KEY: &str = "practice-tiktok-client-key";
/// `client_secret` of that app. Not a secret: it opens nothing but the simulator.
pub const PRACTICE_TIKTOK_CLIENT_SECRET: &str = "practice-tiktok-client-secret";
/// `client_id` of the one desktop app that practice Google knows.
pub const PRACTICE_GOOGLE_CLIENT_ID: &str = "practice-google-client-id";
/// `client_secret` of that app. Not a secret: it opens nothing but the simulator.
pub const PRACTICE_GOOGLE_CLIENT_SECRET: &str = "practice-google-client-secret";

/// Scopes the practice TikTok app is approved for.
pub const PRACTICE_TIKTOK_SCOPES: [&str; 6] = [
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.publish",
    "video.upload",
    "video.list",
];
/// Scopes practice Google knows, without `https://www.googleapis.com/auth/`.
pub const PRACTICE_YOUTUBE_SCOPES: [&str; 4] = [
    "youtube.upload",
    "youtube.readonly",
    "youtube",
    "youtube.force-ssl",
];
