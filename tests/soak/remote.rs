//! What one platform holds in the end: the only witness that counts.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use daypart_domain::publication::Receipt;
use jiff::Timestamp;

use crate::faults::{Call, Fault};

#[derive(Debug, Clone)]
pub struct Upload {
    pub token: String,
    pub account: String,
    pub stored_bytes: u64,
    pub opened_at: Timestamp,
    pub publish_at: Option<Timestamp>,
    pub post: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub token: String,
    pub account: String,
    pub taken_at: Timestamp,
    /// Until then it is being worked on.
    pub ready_at: Timestamp,
    pub public_at: Timestamp,
    /// Turned down after it had been worked on: never public.
    pub is_refused: bool,
    pub is_withdrawn: bool,
}

impl Post {
    /// Public, or will be without anybody doing anything more.
    pub fn counts(&self) -> bool {
        !self.is_refused && !self.is_withdrawn
    }

    pub fn is_public(&self, now: Timestamp) -> bool {
        self.counts() && self.public_at <= now
    }

    pub fn receipt(&self, id: u64) -> Receipt {
        Receipt {
            remote_id: Some(id.to_string()),
            url: Some(format!("http://127.0.0.1/post/{id}")),
            published_at: self.public_at,
            visibility: Some("public".into()),
            read_back: true,
        }
    }
}

#[derive(Default)]
pub struct Remote {
    pub uploads: BTreeMap<u64, Upload>,
    pub posts: BTreeMap<u64, Post>,
    pub calls: HashMap<(Call, String), u64>,
    pub faults: BTreeMap<Fault, u64>,
    /// The number of the one access token of an account that is accepted.
    pub accepted: HashMap<String, u64>,
    pub revoked: Vec<String>,
    next_id: u64,
}

impl Remote {
    pub fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Forgets an upload whose time is over.
    pub fn open_upload(
        &mut self,
        id: u64,
        lifetime: Option<Duration>,
        now: Timestamp,
    ) -> Option<&mut Upload> {
        let upload = self.uploads.get(&id)?;
        if upload.post.is_none() && lifetime.is_some_and(|lifetime| upload.opened_at + lifetime < now) {
            self.uploads.remove(&id);
        }
        self.uploads.get_mut(&id)
    }

    pub fn posts_of(&self, token: &str, account: &str) -> Vec<&Post> {
        self.posts
            .values()
            .filter(|post| post.token == token && post.account == account)
            .collect()
    }
}
