use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Consent, OptionRule, OptionSpec, TextRule};

/// Practice accounts live at the built-in simulator, real accounts at the real platform.
/// Nothing ever moves from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    Practice,
    Real,
}

/// One platform in one realm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Platform {
    /// For example `tiktok`; the same in both realms.
    pub id: String,
    pub name: String,
    pub realm: Realm,
    /// Whether an account can be connected now. Always true for practice.
    pub credentials_set: bool,
    /// None where the user need not bring credentials, as in practice.
    pub credentials: Option<CredentialsGuide>,
    /// Media limits, ready to show.
    pub limits: Vec<Limit>,
    pub text_rules: Vec<TextRule>,
    pub options: Vec<OptionSpec>,
    pub option_rules: Vec<OptionRule>,
    pub consent: Option<Consent>,
    /// The platform can hold the publishing time itself.
    pub holds_schedule: bool,
}

/// How the user gets the id and secret of a client of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CredentialsGuide {
    /// To be registered at the platform exactly like this.
    pub redirect_uri: String,
    /// In order; one sentence each.
    pub steps: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limit {
    pub label: String,
    pub value: String,
}

/// Real realm only; goes straight to the keychain and never comes back.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct SetClientCredentialsRequest {
    pub platform: String,
    pub client_id: String,
    pub client_secret: String,
}

impl std::fmt::Debug for SetClientCredentialsRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetClientCredentialsRequest")
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_credentials_cannot_be_printed() {
        let request = SetClientCredentialsRequest {
            platform: "tiktok".into(),
            client_id: "id-very-private".into(),
            client_secret: "secret-very-private".into(),
        };
        let printed = format!("{request:?}");
        assert!(
            printed.contains("tiktok") && !printed.contains("very-private"),
            "{printed}"
        );
    }
}
