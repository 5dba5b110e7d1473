//! How long before its due time an upload starts.

use std::time::Duration;

use crate::capabilities::Capabilities;

/// Assumed until an upload has been measured: a slow domestic uplink.
const UPLINK_BYTES_PER_S: u64 = 1_000_000;

/// Always allowed for sign-in refresh, settings read-back and a retry or two.
const MARGIN: Duration = Duration::from_secs(90);

/// Twice the time the bytes need at `uplink_bytes_per_s` (or the assumed rate), plus a margin, but at most
/// two thirds of the platform's staging lifetime, so that a staged upload is still alive when it is due.
pub fn lead_time(size_bytes: u64, uplink_bytes_per_s: Option<u64>, capabilities: &Capabilities) -> Duration {
    let rate = uplink_bytes_per_s
        .filter(|rate| *rate > 0)
        .unwrap_or(UPLINK_BYTES_PER_S);
    let needed = Duration::from_secs(2 * size_bytes / rate) + MARGIN;
    match capabilities.staging_lifetime {
        Some(lifetime) => needed.min(lifetime * 2 / 3),
        None => needed,
    }
}
