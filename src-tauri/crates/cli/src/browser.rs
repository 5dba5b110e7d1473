//! Opens links: in the system browser, or by printing them.

use std::process::Stdio;

use async_trait::async_trait;
use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use daypart_ports::browser::Browser;

/// The system browser; with `DAYPART_BROWSER=none` or `--no-browser` only the printed address.
pub struct TerminalBrowser {
    pub opens: bool,
}

impl TerminalBrowser {
    pub fn from_env() -> Self {
        Self {
            opens: std::env::var("DAYPART_BROWSER").as_deref() != Ok("none"),
        }
    }
}

#[async_trait]
impl Browser for TerminalBrowser {
    async fn open(&self, url: &str) -> Result<(), Problem> {
        if !self.opens {
            return Ok(());
        }
        let opener = if cfg!(target_os = "macos") {
            "open"
        } else if cfg!(windows) {
            "explorer"
        } else {
            "xdg-open"
        };
        let started = tokio::process::Command::new(opener)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(_) => Ok(()),
            // The address has been printed: the person can open it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Problem::needs_user(
                ErrorCode::new("browser.closed"),
                UserAction::Retry,
                "The browser could not be opened.",
            )
            .fix("Open the printed address yourself.")
            .caused_by(&error)),
        }
    }
}
