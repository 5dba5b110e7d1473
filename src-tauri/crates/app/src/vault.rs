//! Opens the chosen vault.

use std::{path::Path, sync::Arc};

use daypart_domain::problem::{Problem, UserAction, codes};
use daypart_ports::secrets::SecretVault;
use daypart_vault::{FileVault, KeychainVault};
use secrecy::SecretString;

use crate::VaultChoice;

pub(crate) async fn open_vault(
    choice: &VaultChoice,
    data_dir: &Path,
) -> Result<Arc<dyn SecretVault>, Problem> {
    match choice {
        VaultChoice::Keychain => Ok(Arc::new(KeychainVault::new(data_dir))),
        VaultChoice::File { passphrase_file } => {
            let text = std::fs::read_to_string(passphrase_file).map_err(|error| {
                Problem::needs_user(
                    codes::VAULT_UNAVAILABLE,
                    UserAction::UnlockKeychain,
                    "The file with the passphrase of the encrypted vault cannot be read.",
                )
                .fix("Check the path in DAYPART_VAULT.")
                .caused_by(&error)
            })?;
            let passphrase = SecretString::from(text.lines().next().unwrap_or_default().to_owned());
            Ok(Arc::new(
                FileVault::open(&data_dir.join("vault.bin"), passphrase).await?,
            ))
        }
    }
}
