//! What to conclude after reading a platform about a publication in doubt.

use std::time::Duration;

use jiff::SignedDuration;

use crate::publication::{Receipt, RemoteHandle};

/// What one reading of the platform showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Sighting {
    /// The post is there and finished.
    Published(Receipt),
    /// The platform has all it needs and is working on it.
    Processing(RemoteHandle),
    /// The platform holds it and will publish it by itself.
    Held(RemoteHandle),
    /// The upload is still open and waits for bytes: provably nothing was published.
    UploadOpen { stored_bytes: u64 },
    /// The platform says that it refused it; nothing is public.
    Refused(crate::problem::Problem),
    /// This reading does not show it. Only enough of them, spread over time, mean anything.
    NotSeen,
    /// The upload is gone and this platform gives no way to look further.
    CannotTell,
}

/// What the reconciler does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Published(Receipt),
    Confirming(RemoteHandle),
    HandedOff(RemoteHandle),
    /// Safe to send the rest: the same upload goes on.
    ContinueUpload,
    /// Safe to start over: provably absent.
    StartOver,
    Refused(crate::problem::Problem),
    /// Read again after the delay with this index in [`crate::capabilities::LookUp::listing_delays`].
    ReadAgain,
    AskUser,
}

/// How many of the `readings` so far say anything about absence. Readings can come early (the user presses “retry”);
/// however many there were, the last one that is asked for only counts once `since_call`, the time since the final
/// call, is as long as all `delays` together: until then a listing may be behind. A negative time says that the clock
/// was set back; then only the number counts.
pub fn readings_that_count(readings: u32, delays: &[Duration], since_call: SignedDuration) -> u32 {
    let needed = u32::try_from(delays.len()).unwrap_or(u32::MAX);
    let is_early = !since_call.is_negative() && since_call.unsigned_abs() < delays.iter().sum();
    if is_early {
        readings.min(needed.saturating_sub(1))
    } else {
        readings
    }
}

/// `readings_before` counts earlier readings that did not see the post; `readings_needed` is the number of
/// delays the platform's listing asks for. A platform that cannot list never proves absence.
pub fn conclude(sighting: Sighting, readings_before: u32, readings_needed: u32) -> Verdict {
    match sighting {
        Sighting::Published(receipt) => Verdict::Published(receipt),
        Sighting::Processing(handle) => Verdict::Confirming(handle),
        Sighting::Held(handle) => Verdict::HandedOff(handle),
        Sighting::UploadOpen { .. } => Verdict::ContinueUpload,
        Sighting::Refused(problem) => Verdict::Refused(problem),
        Sighting::NotSeen if readings_needed == 0 => Verdict::AskUser,
        Sighting::NotSeen if readings_before < readings_needed => Verdict::ReadAgain,
        Sighting::NotSeen => Verdict::StartOver,
        Sighting::CannotTell => Verdict::AskUser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_is_believed_only_after_every_reading() {
        assert_eq!(conclude(Sighting::NotSeen, 0, 3), Verdict::ReadAgain);
        assert_eq!(conclude(Sighting::NotSeen, 2, 3), Verdict::ReadAgain);
        assert_eq!(conclude(Sighting::NotSeen, 3, 3), Verdict::StartOver);
    }

    #[test]
    fn readings_in_a_hurry_do_not_prove_absence() {
        let delays = [Duration::from_secs(60), Duration::from_secs(120)];
        let count =
            |readings, since_s| readings_that_count(readings, &delays, SignedDuration::from_secs(since_s));
        assert_eq!(count(9, 179), 1, "one more is asked for");
        assert_eq!(count(2, 180), 2);
        assert_eq!(count(0, 500), 0);
        assert_eq!(count(2, -3_600), 2, "the clock was set back");
    }

    #[test]
    fn a_platform_without_listing_never_proves_absence() {
        assert_eq!(conclude(Sighting::NotSeen, 9, 0), Verdict::AskUser);
        assert_eq!(conclude(Sighting::CannotTell, 9, 3), Verdict::AskUser);
    }

    #[test]
    fn an_open_upload_proves_that_nothing_was_published() {
        assert_eq!(
            conclude(Sighting::UploadOpen { stored_bytes: 7 }, 0, 0),
            Verdict::ContinueUpload
        );
    }
}
