//! A map of secrets as one encrypted document: Argon2id turns the passphrase into a key, XChaCha20-Poly1305 seals
//! the map, and the header is authenticated with it. Pure; randomness comes in as values.

use std::collections::BTreeMap;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::{ExposeSecret, SecretBox, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

pub const SALT_BYTES: usize = 16;
pub const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;
const FORMAT: u32 = 1;

/// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// A damaged or hostile header must not ask for all the memory there is.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 64;

pub type Secrets = BTreeMap<String, Zeroizing<String>>;

/// The file as it is written.
#[derive(Clone, Serialize, Deserialize)]
pub struct SealedDocument {
    format: u32,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

/// What the passphrase became, and for which header.
pub struct Key {
    bytes: SecretBox<[u8; KEY_BYTES]>,
    salt: Vec<u8>,
    memory_kib: u32,
    passes: u32,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the passphrase does not fit, or the file was changed")]
    WrongPassphrase,
    #[error("the file is not a vault of a kind this version knows")]
    Unknown,
}

impl Key {
    /// A key for a new document.
    pub fn new(passphrase: &SecretString, salt: &[u8; SALT_BYTES]) -> Result<Self, SealError> {
        Self::derive(passphrase, salt.to_vec(), MEMORY_KIB, PASSES)
    }

    /// The key of an existing document.
    pub fn of(document: &SealedDocument, passphrase: &SecretString) -> Result<Self, SealError> {
        let sane = document.format == FORMAT
            && (8..=MEMORY_KIB_MAX).contains(&document.memory_kib)
            && (1..=PASSES_MAX).contains(&document.passes);
        if !sane {
            return Err(SealError::Unknown);
        }
        let salt = STANDARD.decode(&document.salt).map_err(|_| SealError::Unknown)?;
        Self::derive(passphrase, salt, document.memory_kib, document.passes)
    }

    fn derive(
        passphrase: &SecretString,
        salt: Vec<u8>,
        memory_kib: u32,
        passes: u32,
    ) -> Result<Self, SealError> {
        let params =
            Params::new(memory_kib, passes, LANES, Some(KEY_BYTES)).map_err(|_| SealError::Unknown)?;
        let mut bytes = Box::new([0u8; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, bytes.as_mut_slice())
            .map_err(|_| SealError::Unknown)?;
        Ok(Self {
            bytes: SecretBox::new(bytes),
            salt,
            memory_kib,
            passes,
        })
    }

    /// Whether this key was made for the header of `document`.
    pub fn fits(&self, document: &SealedDocument) -> bool {
        document.memory_kib == self.memory_kib
            && document.passes == self.passes
            && STANDARD.encode(&self.salt) == document.salt
    }

    /// Seals `secrets`. `nonce` must never be used twice.
    pub fn seal(&self, secrets: &Secrets, nonce: &[u8; NONCE_BYTES]) -> Result<SealedDocument, SealError> {
        let plain: BTreeMap<&str, &str> = secrets
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let plain = Zeroizing::new(serde_json::to_vec(&plain).map_err(|_| SealError::Unknown)?);
        let sealed = self
            .cipher()
            .encrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: plain.as_slice(),
                    aad: &self.header(),
                },
            )
            .map_err(|_| SealError::Unknown)?;
        Ok(SealedDocument {
            format: FORMAT,
            memory_kib: self.memory_kib,
            passes: self.passes,
            salt: STANDARD.encode(&self.salt),
            nonce: STANDARD.encode(nonce),
            sealed: STANDARD.encode(sealed),
        })
    }

    pub fn open(&self, document: &SealedDocument) -> Result<Secrets, SealError> {
        let nonce = STANDARD.decode(&document.nonce).map_err(|_| SealError::Unknown)?;
        let sealed = STANDARD
            .decode(&document.sealed)
            .map_err(|_| SealError::Unknown)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError::Unknown)?;
        let plain = self
            .cipher()
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &sealed,
                    aad: &self.header(),
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| SealError::WrongPassphrase)?;
        let secrets: BTreeMap<String, String> =
            serde_json::from_slice(&plain).map_err(|_| SealError::Unknown)?;
        Ok(secrets
            .into_iter()
            .map(|(name, value)| (name, Zeroizing::new(value)))
            .collect())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes.expose_secret().into())
    }

    fn header(&self) -> Vec<u8> {
        let mut header = format!("daypart-vault/{FORMAT}/{}/{}/", self.memory_kib, self.passes).into_bytes();
        header.extend_from_slice(&self.salt);
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(passphrase: &str) -> Key {
        Key::new(&SecretString::from(passphrase), &[7; SALT_BYTES]).unwrap()
    }

    fn sealed() -> SealedDocument {
        let secrets = Secrets::from([("grant/1".to_owned(), Zeroizing::new("tökén".to_owned()))]);
        key("pass").seal(&secrets, &[9; NONCE_BYTES]).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_with_the_same_passphrase_only() {
        let document = sealed();
        let again = Key::of(&document, &SecretString::from("pass")).unwrap();
        assert_eq!(again.open(&document).unwrap()["grant/1"].as_str(), "tökén");
        assert_eq!(
            key("other").open(&document).map(|_| ()),
            Err(SealError::WrongPassphrase)
        );
    }

    #[test]
    fn neither_names_nor_values_can_be_read_in_the_document() {
        let text = serde_json::to_string(&sealed()).unwrap();
        assert!(!text.contains("grant") && !text.contains("tökén"));
    }

    #[test]
    fn a_header_that_asks_for_absurd_work_is_refused() {
        let document = SealedDocument {
            memory_kib: u32::MAX,
            ..sealed()
        };
        assert_eq!(
            Key::of(&document, &SecretString::from("pass")).map(|_| ()),
            Err(SealError::Unknown)
        );
    }
}
