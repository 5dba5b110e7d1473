//! Whether everything Daypart depends on is in order.

use daypart_ipc::{Health, HealthCheck, HealthState};
use daypart_ports::secrets::SecretName;

use crate::App;

/// Less than this and a conversion may not fit.
const DISK_LOW_BYTES: u64 = 2_000_000_000;

impl App {
    /// Looks now. Never fails: what cannot be looked at is shown as broken.
    pub async fn health(&self) -> Health {
        Health {
            checks: vec![
                self.ffmpeg_check(),
                self.vault_check().await,
                self.practice_check(),
                self.disk_check(),
                self.database_check().await,
                self.scheduler_check().await,
            ],
        }
    }

    fn ffmpeg_check(&self) -> HealthCheck {
        let found = self.toolbox.ffmpeg().and_then(|_| self.toolbox.ffprobe());
        match found {
            Ok(_) => check("ffmpeg", "ffmpeg", HealthState::Ok, self.toolbox.version(), None),
            Err(problem) => check(
                "ffmpeg",
                "ffmpeg",
                HealthState::Broken,
                problem.message,
                problem.fix,
            ),
        }
    }

    async fn vault_check(&self) -> HealthCheck {
        // Asking for a secret that does not exist proves that the vault answers.
        let nobody = daypart_domain::platform::PlatformId::from_static("health-check");
        match self.vault.get(&SecretName::client(&nobody)).await {
            Ok(_) => check(
                "keychain",
                "Keychain",
                HealthState::Ok,
                self.vault.description(),
                None,
            ),
            Err(problem) => check(
                "keychain",
                "Keychain",
                HealthState::Broken,
                problem.message,
                problem.fix,
            ),
        }
    }

    fn practice_check(&self) -> HealthCheck {
        match self.practice_page_url() {
            Some(url) => check("practice", "Practice platforms", HealthState::Ok, url, None),
            None => check(
                "practice",
                "Practice platforms",
                HealthState::Warning,
                "Not running.".into(),
                Some("Open the Daypart window once.".into()),
            ),
        }
    }

    async fn database_check(&self) -> HealthCheck {
        let label = "Database";
        let repairs = self.engine.integrity_pass().await.ok().flatten();
        match self.engine.record_facts().await {
            Ok(facts) => match facts.damage {
                Some(damage) => check(
                    "database",
                    label,
                    HealthState::Broken,
                    format!("Damaged: {damage}"),
                    Some(
                        "Copies from before the last updates are in the folder “backups” of the data folder."
                            .into(),
                    ),
                ),
                None => {
                    let mended = match repairs.map_or(0, |pass| pass.repairs.len()) {
                        0 => String::new(),
                        1 => " One loose end was mended at the last start.".to_owned(),
                        count => format!(" {count} loose ends were mended at the last start."),
                    };
                    check(
                        "database",
                        label,
                        HealthState::Ok,
                        format!("Whole.{mended}"),
                        None,
                    )
                }
            },
            Err(problem) => check(
                "database",
                label,
                HealthState::Broken,
                problem.message,
                problem.fix,
            ),
        }
    }

    async fn scheduler_check(&self) -> HealthCheck {
        let label = "Queue";
        match self.engine.heartbeat().await {
            Ok((last_run, next_due)) => {
                let last = last_run.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"));
                let next = next_due.map_or_else(
                    || "nothing is planned".to_owned(),
                    |at| format!("next at {at:.0}"),
                );
                check(
                    "scheduler",
                    label,
                    HealthState::Ok,
                    format!("Last ran {last}; {next}."),
                    None,
                )
            }
            Err(problem) => check(
                "scheduler",
                label,
                HealthState::Broken,
                problem.message,
                problem.fix,
            ),
        }
    }

    fn disk_check(&self) -> HealthCheck {
        match daypart_host::free_disk_bytes(&self.data_dir) {
            Ok(free) if free < DISK_LOW_BYTES => check(
                "disk",
                "Disk",
                HealthState::Warning,
                format!("{} MB free", free / 1_000_000),
                Some("Free some space before converting large files.".into()),
            ),
            Ok(free) => check(
                "disk",
                "Disk",
                HealthState::Ok,
                format!("{} GB free", free / 1_000_000_000),
                None,
            ),
            Err(problem) => check("disk", "Disk", HealthState::Broken, problem.message, problem.fix),
        }
    }
}

fn check(code: &str, label: &str, state: HealthState, message: String, fix: Option<String>) -> HealthCheck {
    HealthCheck {
        code: code.into(),
        label: label.into(),
        state,
        message,
        fix,
    }
}
