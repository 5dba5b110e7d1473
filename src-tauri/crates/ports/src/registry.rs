//! The adapters that exist, by platform and realm.

use std::{collections::BTreeMap, sync::Arc};

use daypart_domain::{
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem},
};

use crate::platform::{ClientCredentials, Platform};

/// An adapter and, for practice, its built-in client credentials.
#[derive(Clone)]
pub struct Registered {
    pub platform: Arc<dyn Platform>,
    /// `Some` in the practice realm; `None` means that the user enters their own.
    pub built_in_client: Option<ClientCredentials>,
}

/// Maps (platform, realm) to its adapter. Filled by the composition root, read by the engine.
#[derive(Clone, Default)]
pub struct PlatformRegistry {
    entries: BTreeMap<(PlatformId, Realm), Registered>,
}

impl PlatformRegistry {
    pub fn register(&mut self, realm: Realm, registered: Registered) {
        let id = registered.platform.capabilities().platform.clone();
        self.entries.insert((id, realm), registered);
    }

    /// # Errors
    /// `platform.unknown` when there is no such adapter.
    pub fn get(&self, platform: &PlatformId, realm: Realm) -> Result<&Registered, Problem> {
        self.entries.get(&(platform.clone(), realm)).ok_or_else(|| {
            Problem::permanent(
                ErrorCode::new("platform.unknown"),
                format!("This version of Daypart does not know {realm} {platform}."),
            )
        })
    }

    /// All adapters in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = (&PlatformId, Realm, &Registered)> {
        self.entries
            .iter()
            .map(|((platform, realm), registered)| (platform, *realm, registered))
    }
}
