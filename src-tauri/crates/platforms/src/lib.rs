//! Platform adapters: sign-in, resumable upload, publishing and reading back.
//!
//! One folder per platform, alike from top to bottom: `adapter` (the trait), `endpoints`, `wire` (their JSON),
//! `capabilities` (what the rest of Daypart knows), `errors` (their codes as our classes), `oauth`, `upload`,
//! `confirm`, `look_up`. The files beside the folders are what they share. An adapter holds no state about
//! accounts or posts, retries nothing and reads no clock but the one it was given.

pub mod codes;
mod http;
mod loopback;
mod oauth;
mod picture;
mod reach;
mod redaction;
mod redirect;
mod streaming;
pub mod tiktok;
mod upload_hosts;
pub mod youtube;

use std::sync::Arc;

use daypart_domain::{platform::Realm, problem::Problem};
use daypart_ports::{
    clock::Clock,
    platform::{ClientCredentials, Platform},
    registry::{PlatformRegistry, Registered},
};

pub use loopback::LoopbackBase;
pub use picture::PictureSource;
pub use reach::{Reached, reach};
pub use redaction::{redact, redact_known};
pub use redirect::LoopbackRedirects;

/// Registers the adapters of the platforms' own servers. Users bring their own client credentials.
pub fn register_real(registry: &mut PlatformRegistry, clock: &Arc<dyn Clock>) -> Result<(), Problem> {
    let tiktok: Arc<dyn Platform> = Arc::new(tiktok::TikTok::real(Arc::clone(clock))?);
    let youtube: Arc<dyn Platform> = Arc::new(youtube::YouTube::real(Arc::clone(clock))?);
    for platform in [tiktok, youtube] {
        registry.register(
            Realm::Real,
            Registered {
                platform,
                built_in_client: None,
            },
        );
    }
    Ok(())
}

/// Registers the adapters of the practice platforms at `base`, with their built-in client credentials.
pub fn register_practice(
    registry: &mut PlatformRegistry,
    base: &LoopbackBase,
    clock: &Arc<dyn Clock>,
    tiktok_client: ClientCredentials,
    youtube_client: ClientCredentials,
) -> Result<(), Problem> {
    let tiktok: Arc<dyn Platform> = Arc::new(tiktok::TikTok::practice(base, Arc::clone(clock))?);
    let youtube: Arc<dyn Platform> = Arc::new(youtube::YouTube::practice(base, Arc::clone(clock))?);
    for (platform, client) in [(tiktok, tiktok_client), (youtube, youtube_client)] {
        registry.register(
            Realm::Practice,
            Registered {
                platform,
                built_in_client: Some(client),
            },
        );
    }
    Ok(())
}
