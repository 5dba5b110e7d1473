//! Error codes that this crate adds to [`daypart_domain::problem::codes`].

use daypart_domain::problem::ErrorCode;

/// The request may have arrived; its answer did not, or broke off.
pub const ANSWER_LOST: ErrorCode = ErrorCode::new("network.answer_lost");
/// No trusted connection: a wrong clock, or something between us and the platform.
pub const NETWORK_UNTRUSTED: ErrorCode = ErrorCode::new("network.untrusted");
/// The platform has a fault of its own.
pub const PLATFORM_UNAVAILABLE: ErrorCode = ErrorCode::new("platform.unavailable");
/// An answer that the platform's contract does not know.
pub const PLATFORM_UNEXPECTED: ErrorCode = ErrorCode::new("platform.unexpected");
/// A short-term throttle.
pub const QUOTA_RATE: ErrorCode = ErrorCode::new("quota.rate");
/// The account reached a limit of posts.
pub const QUOTA_ACCOUNT: ErrorCode = ErrorCode::new("quota.account");
/// The app's own developer project reached a limit.
pub const QUOTA_APP: ErrorCode = daypart_domain::quota::OF_CLIENT;
/// The platform does not let this account post.
pub const ACCOUNT_BLOCKED: ErrorCode = ErrorCode::new("account.blocked");
/// The signed-in user has no channel to post to.
pub const ACCOUNT_WITHOUT_CHANNEL: ErrorCode = ErrorCode::new("account.no_channel");
/// What stands at the address of an account's picture is none, or not one we take.
pub const ACCOUNT_PICTURE: ErrorCode = ErrorCode::new("account.picture");
/// The developer app lacks an approval or a switched-on API.
pub const APP_NOT_APPROVED: ErrorCode = ErrorCode::new("app.not_approved");
/// The platform refused the text or an option.
pub const POST_REFUSED: ErrorCode = ErrorCode::new("post.refused");
/// The platform does not take what was to be added to a post.
pub const EXTRA_REFUSED: ErrorCode = ErrorCode::new("extra.refused");
/// The platform still works on the post; what is to be added has to wait.
pub const EXTRA_TOO_EARLY: ErrorCode = ErrorCode::new("extra.too_early");
/// A required option was not chosen.
pub const OPTION_MISSING: ErrorCode = ErrorCode::new("post.option_missing");
/// A chosen option is not offered to this account now.
pub const OPTION_UNAVAILABLE: ErrorCode = ErrorCode::new("post.option_unavailable");
/// The platform does not know the post (any more).
pub const POST_UNKNOWN: ErrorCode = ErrorCode::new("post.unknown");
/// The platform refused the file.
pub const FILE_REFUSED: ErrorCode = ErrorCode::new("file.refused");
/// The video is longer than this account may post.
pub const VIDEO_TOO_LONG: ErrorCode = ErrorCode::new("media.too_long");
/// The platform and Daypart disagree about how much has arrived.
pub const UPLOAD_OUT_OF_STEP: ErrorCode = ErrorCode::new("upload.out_of_step");
/// An upload address outside the platform's own hosts.
pub const UPLOAD_HOST: ErrorCode = ErrorCode::new("upload.foreign_host");
/// The sign-in code was not accepted (used, too old, or not ours).
pub const AUTH_CODE: ErrorCode = ErrorCode::new("auth.code_refused");
/// The consent page answered with an error of its own.
pub const AUTH_PAGE: ErrorCode = ErrorCode::new("auth.page");
/// No port to listen on for the browser.
pub const AUTH_LISTEN: ErrorCode = ErrorCode::new("auth.listen");
