//! Where secrets live: the keychain of the operating system, or an encrypted file where there is none.
//!
//! Nothing else of Daypart keeps a token, a client secret or an upload address. Nothing here knows what a secret
//! is for.

mod file;
mod keychain;
mod sealed;

use daypart_domain::problem::{Problem, UserAction, codes};

pub use file::FileVault;
pub use keychain::KeychainVault;

/// `vault.unavailable` with its fix.
fn unavailable(message: &str) -> Problem {
    Problem::needs_user(codes::VAULT_UNAVAILABLE, UserAction::UnlockKeychain, message)
}
