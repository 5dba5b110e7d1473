//! What to conclude after reading a platform about a publication in doubt.

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
