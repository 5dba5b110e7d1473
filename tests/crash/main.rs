//! The compiled `daypart`, killed at the worst moments. What counts is the platforms' ledger: one post, never two,
//! and none lost.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod grid;
mod last_byte;
mod network;
mod prepare;
mod shaped;
mod upload;

use daypart_tests::{Desk, Practice};

const PLATFORMS: [&str; 2] = ["tiktok", "youtube"];

/// The next start of Daypart works off what was left; then there is exactly one post, with these bytes.
async fn one_post_after_restart(practice: &Practice, desk: &Desk, platform: &str, sha256: &str) {
    desk.work_off().await.expect(0);
    assert_eq!(practice.only_post(platform).await["sha256"], sha256);
    assert_eq!(desk.only_publication().await["state"], "published");
    // Nothing more happens, however often it is started.
    desk.work_off().await.expect(0);
    practice.only_post(platform).await;
}
