//! What may be chosen from outside.

use std::{path::PathBuf, sync::Arc};

use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use daypart_engine::Pace;
use daypart_platforms::LoopbackBase;
use daypart_ports::browser::Browser;

/// Where secrets live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultChoice {
    /// The operating system's keychain.
    Keychain,
    /// An encrypted file in the data folder; the passphrase is the first line of this file.
    File { passphrase_file: PathBuf },
}

/// Which simulator practice accounts talk to.
#[derive(Debug, Clone)]
pub enum PracticeSource {
    /// The built-in one, run by the owner of the data folder.
    BuiltIn,
    /// One that runs elsewhere on this computer.
    External(LoopbackBase),
}

/// How an [`crate::App`] is opened.
pub struct AppOptions {
    pub data_dir: PathBuf,
    /// What this process calls itself towards others, e.g. `window`.
    pub process_name: &'static str,
    pub practice: PracticeSource,
    pub vault: VaultChoice,
    pub browser: Arc<dyn Browser>,
    pub pace: Pace,
}

impl AppOptions {
    /// Reads `DAYPART_DATA_DIR`, `DAYPART_PRACTICE_URL` (loopback only) and `DAYPART_VAULT` (`keychain` or
    /// `file:PASSPHRASE_FILE`).
    ///
    /// # Errors
    /// `options.…` with the variable's name when a value cannot be used.
    pub fn from_env(process_name: &'static str, browser: Arc<dyn Browser>) -> Result<Self, Problem> {
        let practice = match std::env::var("DAYPART_PRACTICE_URL") {
            Ok(url) => PracticeSource::External(LoopbackBase::parse(&url)?),
            Err(_) => PracticeSource::BuiltIn,
        };
        let vault = match std::env::var("DAYPART_VAULT") {
            Err(_) => VaultChoice::Keychain,
            Ok(text) if text == "keychain" => VaultChoice::Keychain,
            Ok(text) => match text.strip_prefix("file:") {
                Some(path) if !path.is_empty() => VaultChoice::File {
                    passphrase_file: path.into(),
                },
                _ => {
                    return Err(unusable(
                        "DAYPART_VAULT",
                        "Use `keychain` or `file:PASSPHRASE_FILE`.",
                    ));
                }
            },
        };
        Ok(Self {
            data_dir: daypart_host::data_dir()?,
            process_name,
            practice,
            vault,
            browser,
            pace: Pace::default(),
        })
    }
}

fn unusable(variable: &str, fix: &str) -> Problem {
    Problem::needs_user(
        ErrorCode::new("options.value"),
        UserAction::Retry,
        format!("The value of {variable} cannot be used."),
    )
    .fix(fix)
}
