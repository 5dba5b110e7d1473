//! More than one account, and looks at everything that is published.

use std::time::Duration;

use daypart_domain::{
    account::Account,
    ids::{AccountId, PostId},
    lateness::LatenessPolicy,
    post::{Content, Destination},
    publication_state::PublicationState,
};
use daypart_engine::{EngineEvent, PostDraft};
use daypart_ports::store::AccountStore;

use crate::world::World;

impl World {
    /// At a platform that takes this many posts of an account in 24 hours.
    pub async fn of_quota(posts: u32) -> Self {
        Self::at_platform(|platform| platform.with_quota(posts)).await
    }

    /// Another account at the same platform, connected like the first one.
    pub async fn another_account(&self, number: u128, name: &str) -> Account {
        let account = Account {
            id: AccountId::from_uuid(uuid::Uuid::from_u128(number)),
            remote_user_id: name.to_lowercase(),
            display_name: name.to_owned(),
            ..self.account.clone()
        };
        AccountStore::put_account(self.store(), &account).await.unwrap();
        self.put_grant_of(
            account.id,
            "access-0",
            Some("refresh-0"),
            Duration::from_secs(86_400 * 30),
        )
        .await;
        account
    }

    /// A scheduled post of the clip for one account.
    pub async fn post_for(
        &self,
        account: &Account,
        caption: &str,
        wait: Duration,
        policy: LatenessPolicy,
    ) -> PostId {
        let draft = self.draft(caption).await;
        let id = draft.id.unwrap();
        let destinations = vec![Destination {
            account_id: account.id,
            content: Content::default(),
        }];
        self.engine
            .save_post(&PostDraft {
                destinations,
                ..draft
            })
            .await
            .unwrap();
        self.engine.set_post_lateness(id, policy).await.unwrap();
        self.engine.schedule_post(id, &self.at(wait)).await.unwrap();
        id
    }

    /// The captions of what is public, in the order in which it went public.
    pub fn public_captions(&self) -> Vec<String> {
        let remote = self.platform.remote();
        remote
            .posts
            .iter()
            .map(|id| remote.captions[usize::try_from(*id).unwrap() - 1].clone())
            .collect()
    }

    /// Waits until every one of `posts` is so.
    pub async fn until_all(&self, posts: &[PostId], state: PublicationState) {
        for post in posts {
            self.until(*post, state).await;
        }
    }

    /// Waits until as many posts as this are public and every publication of them has been read back.
    pub async fn until_public(&self, posts: &[PostId], count: usize) {
        let mut news = self.engine.subscribe();
        let wait = async {
            loop {
                let mut published = 0;
                for post in posts {
                    let is_out = self.publication(*post).await.state == PublicationState::Published;
                    published += usize::from(is_out);
                }
                if published >= count {
                    return;
                }
                let _: Result<EngineEvent, _> = news.recv().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
        assert!(waited.is_ok(), "not {count} public: {:?}", self.public_captions());
    }
}
