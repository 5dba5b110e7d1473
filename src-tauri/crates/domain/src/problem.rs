//! The one shape of an error that leaves a crate.

use std::{borrow::Cow, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A stable code such as `upload.gone`. The UI and the CLI map it to wording and an action; they never parse
/// prose. Codes are added when somebody uses them and are never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(pub Cow<'static, str>);

impl ErrorCode {
    pub const fn new(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Codes that more than one crate has to know.
pub mod codes {
    use super::ErrorCode;

    /// The access token is no longer accepted; a refresh may help.
    pub const AUTH_EXPIRED: ErrorCode = ErrorCode::new("auth.expired");
    /// The grant itself is dead; the user must connect again.
    pub const AUTH_REVOKED: ErrorCode = ErrorCode::new("auth.revoked");
    /// The user pressed Deny.
    pub const AUTH_DENIED: ErrorCode = ErrorCode::new("auth.denied");
    /// Client id or secret are missing or wrong.
    pub const AUTH_CLIENT: ErrorCode = ErrorCode::new("auth.client");
    /// A needed permission was not granted.
    pub const AUTH_SCOPE: ErrorCode = ErrorCode::new("auth.scope");
    /// No route to the platform; waiting for it is not an attempt.
    pub const NETWORK_OFFLINE: ErrorCode = ErrorCode::new("network.offline");
    /// The platform no longer knows this upload.
    pub const UPLOAD_GONE: ErrorCode = ErrorCode::new("upload.gone");
    /// The file is not what it was when it was added.
    pub const FILE_CHANGED: ErrorCode = ErrorCode::new("file.changed");
    /// What a platform holds has to be taken back and sent anew to be changed.
    pub const CANNOT_AMEND: ErrorCode = ErrorCode::new("hand_off.cannot_amend");
    /// What was to be changed or taken back is public by now.
    pub const ALREADY_PUBLIC: ErrorCode = ErrorCode::new("hand_off.already_public");
    /// The file is not where it was.
    pub const FILE_MISSING: ErrorCode = ErrorCode::new("file.missing");
    /// The file cannot be read.
    pub const FILE_UNREADABLE: ErrorCode = ErrorCode::new("file.unreadable");
    /// The keychain is locked, absent or does not answer.
    pub const VAULT_UNAVAILABLE: ErrorCode = ErrorCode::new("vault.unavailable");
    /// ffmpeg or ffprobe are not on this machine.
    pub const FFMPEG_MISSING: ErrorCode = ErrorCode::new("media.ffmpeg_missing");
    /// The disk is full.
    pub const DISK_FULL: ErrorCode = ErrorCode::new("disk.full");
    /// The disk has little room left.
    pub const DISK_LOW: ErrorCode = ErrorCode::new("disk.low");
    /// Something Daypart promised itself did not hold.
    pub const BUG: ErrorCode = ErrorCode::new("daypart.bug");
}

/// What the user can do about it. The UI turns it into a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    Reconnect,
    EditPost,
    ReplaceFile,
    EnterCredentials,
    UnlockKeychain,
    InstallFfmpeg,
    FreeDisk,
    CheckPlatform,
    CheckClock,
    Retry,
}

/// Decides, alone, what happens next. Nothing else about an error does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "class")]
pub enum RetryClass {
    /// Passing fault; nothing happened at the other side, or repeating is harmless.
    Transient,
    /// Wait until then; waiting is not an attempt.
    RateLimited { until: Timestamp },
    /// Nothing goes on before the user did something.
    NeedsUser { action: UserAction },
    /// It will not work, however often it is tried.
    Permanent,
    /// The other side may or may not have acted. Look before doing anything.
    InDoubt,
    /// Ours.
    Bug,
}

/// What the platform itself said, kept for the log and for its support.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformWords {
    pub http_status: Option<u16>,
    pub code: Option<String>,
    pub message: Option<String>,
    /// The platform's own id of the request (TikTok `log_id`, Google `X-GUploader-UploadID`).
    pub request_id: Option<String>,
}

/// An error that leaves a crate. `message` is one sentence for the user that names the file or the account;
/// `details` is the cause chain for the log, outermost first, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ErrorCode,
    pub message: String,
    pub fix: Option<String>,
    pub retry: RetryClass,
    pub platform_words: Option<PlatformWords>,
    pub details: Vec<String>,
}

impl Problem {
    pub fn new(code: ErrorCode, retry: RetryClass, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fix: None,
            retry,
            platform_words: None,
            details: Vec::new(),
        }
    }

    pub fn transient(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::new(code, RetryClass::Transient, message)
    }

    pub fn permanent(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::new(code, RetryClass::Permanent, message)
    }

    pub fn needs_user(code: ErrorCode, action: UserAction, message: impl Into<String>) -> Self {
        Self::new(code, RetryClass::NeedsUser { action }, message)
    }

    pub fn in_doubt(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::new(code, RetryClass::InDoubt, message)
    }

    /// A promise of ours that did not hold. The user is told that it is our fault.
    pub fn bug(detail: impl Into<String>) -> Self {
        Self::new(codes::BUG, RetryClass::Bug, "Something in Daypart went wrong.")
            .fix("Please report this with the log of the post.")
            .detail(detail)
    }

    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Adds the whole cause chain of `error`, outermost first.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            self.details.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    #[must_use]
    pub fn words(mut self, words: PlatformWords) -> Self {
        self.platform_words = Some(words);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Problem {}
