//! Secrets and where they live.

use async_trait::async_trait;
use daypart_domain::{
    ids::{AccountId, PublicationId},
    platform::PlatformId,
    problem::Problem,
};
use secrecy::SecretString;

/// Names a secret in the vault. The name itself is not secret and holds no remote value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// The grant (access and refresh token) of an account.
    pub fn grant(account: AccountId) -> Self {
        Self(format!("grant/{account}"))
    }

    /// The user's own client id and secret for a real platform.
    pub fn client(platform: &PlatformId) -> Self {
        Self(format!("client/{platform}"))
    }

    /// The address of an open upload, which acts like a credential.
    pub fn upload(publication: PublicationId) -> Self {
        Self(format!("upload/{publication}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The OS keychain, or its encrypted-file fallback.
///
/// Every call ends within a few seconds: a locked or absent keychain is `vault.unavailable` with the fix, never
/// a hang. A successful `put` is durable before it returns.
#[async_trait]
pub trait SecretVault: Send + Sync {
    /// `Ok(None)` when there is no such secret; that is not an error.
    async fn get(&self, name: &SecretName) -> Result<Option<SecretString>, Problem>;

    async fn put(&self, name: &SecretName, value: SecretString) -> Result<(), Problem>;

    /// Deleting what is not there is success.
    async fn delete(&self, name: &SecretName) -> Result<(), Problem>;

    /// For the health page, e.g. `Secret Service (GNOME Keyring)` or `encrypted file`.
    fn description(&self) -> String;
}
