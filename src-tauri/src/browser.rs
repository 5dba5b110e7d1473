//! The system browser.

use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use daypart_ports::browser::Browser;

/// The environment variable that tells us not to open one: `none`.
const VARIABLE: &str = "DAYPART_BROWSER";

/// The engine's way to the system browser.
pub struct SystemBrowser;

#[async_trait::async_trait]
impl Browser for SystemBrowser {
    async fn open(&self, url: &str) -> Result<(), Problem> {
        open(url)
    }
}

/// Hands `address` to the system; that somebody looked at it is not said. With `DAYPART_BROWSER=none` nothing is
/// opened and that is no error: the window shows the address.
///
/// # Errors
/// `browser.unavailable`
pub fn open(address: &str) -> Result<(), Problem> {
    if std::env::var_os(VARIABLE).is_some_and(|value| value == "none") {
        return Ok(());
    }
    tauri_plugin_opener::open_url(address, None::<&str>).map_err(|error| {
        Problem::needs_user(
            ErrorCode::new("browser.unavailable"),
            UserAction::Retry,
            "The system browser could not be opened.",
        )
        .fix("Copy the address and open it yourself.")
        .caused_by(&error)
    })
}
