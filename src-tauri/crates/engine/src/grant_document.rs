//! How a grant and client credentials are written in the vault. The documents exist only between here and there.

use daypart_domain::problem::Problem;
use daypart_ports::platform::{ClientCredentials, Grant};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct GrantDocument {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Timestamp,
    refresh_expires_at: Option<Timestamp>,
    scopes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct ClientDocument {
    client_id: String,
    client_secret: String,
}

pub(crate) fn write_grant(grant: &Grant) -> Result<SecretString, Problem> {
    write(&GrantDocument {
        access_token: grant.access_token.expose_secret().to_owned(),
        refresh_token: grant
            .refresh_token
            .as_ref()
            .map(|token| token.expose_secret().to_owned()),
        expires_at: grant.expires_at,
        refresh_expires_at: grant.refresh_expires_at,
        scopes: grant.scopes.clone(),
    })
}

/// `None` when the document cannot be read; the account then has to be connected again.
pub(crate) fn read_grant(secret: &SecretString) -> Option<Grant> {
    let document: GrantDocument = serde_json::from_str(secret.expose_secret()).ok()?;
    Some(Grant {
        access_token: document.access_token.into(),
        refresh_token: document.refresh_token.map(SecretString::from),
        expires_at: document.expires_at,
        refresh_expires_at: document.refresh_expires_at,
        scopes: document.scopes,
    })
}

pub(crate) fn write_client(client: &ClientCredentials) -> Result<SecretString, Problem> {
    write(&ClientDocument {
        client_id: client.client_id.clone(),
        client_secret: client.client_secret.expose_secret().to_owned(),
    })
}

pub(crate) fn read_client(secret: &SecretString) -> Option<ClientCredentials> {
    let document: ClientDocument = serde_json::from_str(secret.expose_secret()).ok()?;
    Some(ClientCredentials {
        client_id: document.client_id,
        client_secret: document.client_secret.into(),
    })
}

fn write(document: &impl Serialize) -> Result<SecretString, Problem> {
    serde_json::to_string(document)
        .map(SecretString::from)
        // The serde message could quote the document, so only the fact is kept.
        .map_err(|_| Problem::bug("a secret document could not be written"))
}
