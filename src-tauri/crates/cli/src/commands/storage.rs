//! `daypart storage`

use clap::Args;
use daypart_domain::problem::Problem;

use crate::{exit::ExitCode, output, session::looking};

#[derive(Args)]
pub struct Storage {
    #[arg(long)]
    json: bool,
    /// Remove what nothing refers to, as happens once a day. Originals are never touched.
    #[arg(long)]
    clean: bool,
    /// Keep the history of what ended for so many days (7 to 3650), or `for-ever`.
    #[arg(long, value_name = "DAYS")]
    keep_history: Option<String>,
}

impl Storage {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart storage", async |session| {
            if let Some(days) = &self.keep_history {
                // What is no number is no number of days either.
                let days = (days != "for-ever").then(|| days.parse().unwrap_or(0));
                session.engine().keep_history(days).await?;
            }
            let cleaned = match self.clean {
                true => Some(session.app.clean_up().await?),
                false => None,
            };
            if self.json {
                match cleaned {
                    Some(cleaned) => output::print_json(&cleaned)?,
                    None => output::print_json(&session.app.storage().await?)?,
                }
                return Ok(ExitCode::Done);
            }
            if let Some(cleaned) = &cleaned {
                output::print_line(&format!(
                    "removed {} files ({}), {} open uploads, {} posts of old history",
                    cleaned.files,
                    output::megabytes(cleaned.size_bytes),
                    cleaned.uploads,
                    cleaned.posts
                ));
            }
            let report = match cleaned {
                Some(cleaned) => cleaned.storage,
                None => session.app.storage().await?,
            };
            for part in &report.parts {
                output::print_line(&format!(
                    "{:>12}  {}",
                    output::megabytes(part.size_bytes),
                    part.label
                ));
            }
            output::print_line(&format!(
                "{:>12}  together",
                output::megabytes(report.total_bytes)
            ));
            if let Some(free_bytes) = report.free_bytes {
                output::print_line(&format!(
                    "{:>12}  free on this disk",
                    output::megabytes(free_bytes)
                ));
            }
            let kept = report
                .history_days
                .map_or_else(|| "for ever".to_owned(), |days| format!("for {days} days"));
            output::print_line(&format!("history is kept {kept}"));
            Ok(ExitCode::Done)
        })
        .await
    }
}
