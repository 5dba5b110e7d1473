//! The system browser and the loopback address it comes back to.

use async_trait::async_trait;
use daypart_domain::problem::Problem;
use secrecy::SecretString;

/// Opens a link outside Daypart.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Hands `url` to the system. Success means that it was handed over, not that anybody looked.
    async fn open(&self, url: &str) -> Result<(), Problem>;
}

/// What came back from a consent page.
pub struct RedirectAnswer {
    pub code: SecretString,
    /// Granted scopes when the platform names them in the redirect.
    pub scopes: Option<Vec<String>>,
}

/// Listens on a loopback port for one sign-in.
#[async_trait]
pub trait RedirectListener: Send {
    /// The address to give to the platform, byte for byte, in both calls.
    fn redirect_uri(&self) -> &str;

    /// Waits for the browser, answers it with a page that says that the window can be closed, and returns the code.
    ///
    /// Requests with another path, method or `state` are answered with an error page and do not end the wait.
    ///
    /// # Errors
    /// `auth.denied` when the user declined; the platform's own error otherwise.
    async fn answer(&mut self, expected_state: &str) -> Result<RedirectAnswer, Problem>;
}

/// Opens redirect listeners.
#[async_trait]
pub trait RedirectListeners: Send + Sync {
    /// Binds a free port on 127.0.0.1 (RFC 8252 §7.3). `path` starts with a slash, or is empty.
    async fn bind(&self, path: &str) -> Result<Box<dyn RedirectListener>, Problem>;
}
