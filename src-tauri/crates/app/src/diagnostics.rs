//! What can be sent with a question about Daypart. It is made of texts that the person reads before: no secrets, no words
//! of their posts, no names of theirs.

use std::{fmt::Write as _, path::Path};

use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use daypart_ipc::{DiagnosticsPart, HealthState};
use daypart_platforms::redact;

use crate::App;

/// Newest lines of the log file.
const LOG_LINES: usize = 2_000;

const ABOUT: &str = "This is what Daypart knows about itself. It holds no password, token or upload address, no text of a post and \
                     no name of an account.\nRead it before you pass it on; leave out any file that you like.\n";

impl App {
    /// Never fails: what cannot be read says why.
    pub async fn diagnostics(&self) -> Vec<DiagnosticsPart> {
        let parts = [
            ("about.txt", self.about()),
            ("health.txt", self.health_text().await),
            ("record.txt", said(self.record_text().await)),
            ("accounts.txt", said(self.accounts_text().await)),
            ("troubles.txt", said(self.troubles_text().await)),
            ("storage.txt", said(self.storage_text().await)),
            ("log.txt", self.log_text().await),
        ];
        parts
            .into_iter()
            .map(|(name, text)| DiagnosticsPart {
                name: name.to_owned(),
                text: self.without_home(&text),
            })
            .collect()
    }

    /// Writes them into `folder`, which is made where it is missing. Files of these names are replaced.
    ///
    /// # Errors
    /// `output.unwritable`.
    pub async fn write_diagnostics(&self, folder: &Path) -> Result<Vec<DiagnosticsPart>, Problem> {
        let made = tokio::fs::create_dir_all(folder).await;
        made.map_err(|error| unwritable(folder, &error))?;
        let parts = self.diagnostics().await;
        for part in &parts {
            self.write_text(&folder.join(&part.name), &part.text).await?;
        }
        Ok(parts)
    }

    /// Writes a text that the person asked for where they asked for it.
    ///
    /// # Errors
    /// `output.unwritable`.
    pub async fn write_text(&self, place: &Path, text: &str) -> Result<(), Problem> {
        let written = tokio::fs::write(place, text).await;
        written.map_err(|error| unwritable(place, &error))
    }

    fn about(&self) -> String {
        format!(
            "{ABOUT}\nDaypart {}\n{} {}\n{}\nKeychain: {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.toolbox.version(),
            self.vault.description(),
        )
    }

    async fn health_text(&self) -> String {
        let mut text = String::new();
        for check in self.health().await.checks {
            let word = match check.state {
                HealthState::Ok => "ok",
                HealthState::Warning => "warning",
                HealthState::Broken => "broken",
            };
            let _ = writeln!(text, "{word:8} {}: {}", check.label, check.message);
        }
        text
    }

    async fn record_text(&self) -> Result<String, Problem> {
        let facts = self.engine.record_facts().await?;
        let mut text = match facts.damage {
            None => "The record is whole.\n".to_owned(),
            Some(damage) => format!("The record is damaged: {damage}\n"),
        };
        for (what, number) in facts.counts {
            let _ = writeln!(text, "{number:8} {what}");
        }
        if let Some(pass) = self.engine.integrity_pass().await? {
            let _ = writeln!(text, "\nLast start {}: {} repairs", pass.at, pass.repairs.len());
            for repair in pass.repairs {
                let _ = writeln!(text, "  {repair}");
            }
        }
        let days = self.engine.history_days().await?;
        let _ = writeln!(
            text,
            "\nHistory is kept {}",
            days.map_or_else(|| "for ever".to_owned(), |days| format!("for {days} days"))
        );
        Ok(text)
    }

    async fn accounts_text(&self) -> Result<String, Problem> {
        let mut text = String::new();
        for (number, account) in (1..).zip(crate::wire::accounts(&self.engine).await?) {
            let _ = writeln!(
                text,
                "account {number}: {} {:?}, {:?}, answered {:?}, sign-in ends {:?}, problem {:?}",
                account.platform,
                account.realm,
                account.state,
                account.checked_at.map(|at| at.to_string()),
                account.sign_in_ends_at.map(|at| at.to_string()),
                account.error.or(account.check_error).map(|error| error.code),
            );
        }
        Ok(text)
    }

    async fn troubles_text(&self) -> Result<String, Problem> {
        let mut text = String::new();
        for overview in self.engine.posts().await? {
            for publication in overview.publications {
                let Some(problem) = publication.problem else {
                    continue;
                };
                let words = problem.platform_words.unwrap_or_default();
                let _ = writeln!(
                    text,
                    "{}  {}  {}  HTTP {:?}  {}  request {}",
                    publication.updated_at,
                    publication.state,
                    problem.code,
                    words.http_status,
                    redact(words.code.as_deref().unwrap_or("-")),
                    words.request_id.as_deref().unwrap_or("-"),
                );
            }
        }
        Ok(text)
    }

    async fn storage_text(&self) -> Result<String, Problem> {
        let mut text = String::new();
        let report = self.storage().await?;
        for part in report.parts {
            let _ = writeln!(text, "{:>14} bytes  {}", part.size_bytes, part.label);
        }
        let _ = writeln!(text, "{:>14} bytes free", report.free_bytes.unwrap_or_default());
        Ok(text)
    }

    async fn log_text(&self) -> String {
        let file = self.data_dir.join("logs").join("daypart.log");
        match tokio::fs::read(&file).await {
            Ok(bytes) => {
                let whole = String::from_utf8_lossy(&bytes);
                let lines: Vec<&str> = whole.lines().collect();
                let newest = lines
                    .get(lines.len().saturating_sub(LOG_LINES)..)
                    .unwrap_or_default();
                newest.iter().map(|line| redact(line) + "\n").collect()
            }
            Err(error) => format!("The log cannot be read: {error}\n"),
        }
    }

    /// Where a person's files are tells their name.
    fn without_home(&self, text: &str) -> String {
        let data_dir = self.data_dir.to_string_lossy();
        let text = text.replace(data_dir.as_ref(), "DATA");
        match std::env::home_dir() {
            Some(home) if home.parent().is_some() => text.replace(home.to_string_lossy().as_ref(), "~"),
            _ => text,
        }
    }
}

fn unwritable(place: &Path, error: &std::io::Error) -> Problem {
    Problem::needs_user(
        ErrorCode::new("output.unwritable"),
        UserAction::Retry,
        format!("“{}” cannot be written to.", place.display()),
    )
    .fix("Choose another place.")
    .caused_by(error)
}

fn said(text: Result<String, Problem>) -> String {
    text.unwrap_or_else(|problem| format!("This could not be read: {problem}\n"))
}
