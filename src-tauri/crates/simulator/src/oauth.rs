//! What both OAuth servers keep: consents under way, codes, grants and tokens. All secrets only as hashes.

use serde::{Deserialize, Serialize};

use crate::journal::{Rows, Table};
use crate::world::{Platform, World, secret_hash};

/// A consent page that was shown and not yet answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) platform: Platform,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: Option<String>,
    pub(crate) challenge: String,
    pub(crate) csrf_hash: String,
    pub(crate) expires_ms: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) platform: Platform,
    pub(crate) client: String,
    pub(crate) account: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) challenge: String,
    pub(crate) expires_ms: i64,
}

/// What one person allowed one app, for one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) platform: Platform,
    pub(crate) client: String,
    pub(crate) account: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) created_ms: i64,
    pub(crate) refresh_expires_ms: i64,
    pub(crate) revoked: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) grant: String,
    pub(crate) expires_ms: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

#[derive(Debug)]
pub(crate) struct OAuthTables {
    pub(crate) consents: Table<Consent>,
    /// Key: hash of the code. Single use: taken out at the exchange.
    pub(crate) codes: Table<Code>,
    pub(crate) grants: Table<Grant>,
    /// Key: hash of the token.
    pub(crate) access: Table<AccessToken>,
    /// Key: hash of the token.
    pub(crate) refresh: Table<RefreshToken>,
}

impl Default for OAuthTables {
    fn default() -> Self {
        Self {
            consents: Table::named("consents"),
            codes: Table::named("codes"),
            grants: Table::named("grants"),
            access: Table::named("access_tokens"),
            refresh: Table::named("refresh_tokens"),
        }
    }
}

impl OAuthTables {
    pub(crate) fn tables(&mut self) -> [&mut dyn Rows; 5] {
        [
            &mut self.consents,
            &mut self.codes,
            &mut self.grants,
            &mut self.access,
            &mut self.refresh,
        ]
    }

    pub(crate) fn clear(&mut self) {
        self.consents.clear();
        self.codes.clear();
        self.grants.clear();
        self.access.clear();
        self.refresh.clear();
    }

    /// The grant an access token was issued for, even if the token has expired or the grant was revoked.
    pub(crate) fn grant_of_access(&self, platform: Platform, token: &str) -> Option<&Grant> {
        let access = self.access.get(&secret_hash(token))?;
        self.grants
            .get(&access.grant)
            .filter(|grant| grant.platform == platform)
    }

    /// The grant of a token that is good now.
    pub(crate) fn live_grant(&self, platform: Platform, token: &str, now_ms: i64) -> Option<&Grant> {
        let access = self
            .access
            .get(&secret_hash(token))
            .filter(|access| access.expires_ms > now_ms)?;
        self.grants
            .get(&access.grant)
            .filter(|grant| grant.platform == platform && !grant.revoked)
    }

    pub(crate) fn expire_access(&mut self, token: &str, now_ms: i64) {
        if let Some(access) = self.access.edit(&secret_hash(token)) {
            access.expires_ms = access.expires_ms.min(now_ms);
        }
    }
}

/// Registers a shown consent page; returns its id and its CSRF value.
pub(crate) fn open_consent(world: &mut World, mut consent: Consent) -> (String, String) {
    let (id, csrf) = (world.opaque(16), world.opaque(32));
    consent.csrf_hash = secret_hash(&csrf);
    world.oauth.consents.put(id.clone(), consent);
    (id, csrf)
}

/// Takes the consent out if id and CSRF value belong together and it is fresh.
pub(crate) fn close_consent(world: &mut World, platform: Platform, id: &str, csrf: &str) -> Option<Consent> {
    let consent = world.oauth.consents.get(id)?;
    let good = consent.platform == platform
        && consent.csrf_hash == secret_hash(csrf)
        && consent.expires_ms > world.now_ms;
    if good {
        world.oauth.consents.remove(id)
    } else {
        None
    }
}

/// True for 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
pub(crate) fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}
