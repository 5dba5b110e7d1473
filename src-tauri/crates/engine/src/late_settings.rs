//! What the user set about lateness: the default policy and the distance between posts of an account.

use std::time::Duration;

use daypart_domain::{
    ids::{AccountId, PostId},
    lateness::{LatenessPolicy, SPACING},
    problem::{ErrorCode, Problem, UserAction},
};

use crate::{Engine, EngineEvent};

const DEFAULT_POLICY: &str = "lateness.default";
const DEFAULT_SPACING: &str = "lateness.spacing_ms";

/// More than a week between two posts of an account is no distance, it is a stop.
const SPACING_MAX: Duration = Duration::from_secs(7 * 86_400);

fn spacing_key(account: AccountId) -> String {
    format!("{DEFAULT_SPACING}.{account}")
}

impl Engine {
    /// What new posts do when they are late.
    pub async fn default_lateness(&self) -> Result<LatenessPolicy, Problem> {
        let document = self.parts().store.setting(DEFAULT_POLICY).await?;
        Ok(document
            .and_then(|document| serde_json::from_str(&document).ok())
            .unwrap_or_default())
    }

    /// Counts for posts made from now on.
    pub async fn set_default_lateness(&self, policy: LatenessPolicy) -> Result<(), Problem> {
        let document = serde_json::to_string(&policy)
            .map_err(|error| Problem::bug("a lateness policy could not be written").caused_by(&error))?;
        self.parts().store.put_setting(DEFAULT_POLICY, &document).await
    }

    /// How far apart late posts of this account go out: its own distance, else the one for all, else ten minutes.
    pub async fn spacing(&self, account: AccountId) -> Result<Duration, Problem> {
        if let Some(own) = self.read_spacing(&spacing_key(account)).await? {
            return Ok(own);
        }
        self.default_spacing().await
    }

    pub async fn default_spacing(&self) -> Result<Duration, Problem> {
        Ok(self.read_spacing(DEFAULT_SPACING).await?.unwrap_or(SPACING))
    }

    /// `None` for the account sets the distance of every account that has none of its own.
    ///
    /// # Errors
    /// `lateness.spacing` for more than a week.
    pub async fn set_spacing(&self, account: Option<AccountId>, spacing: Duration) -> Result<(), Problem> {
        if spacing > SPACING_MAX {
            return Err(Problem::needs_user(
                ErrorCode::new("lateness.spacing"),
                UserAction::EditPost,
                "Posts of one account can be kept apart by at most a week.",
            ));
        }
        let key = account.map_or_else(|| DEFAULT_SPACING.to_owned(), spacing_key);
        let value = spacing.as_millis().to_string();
        self.parts().store.put_setting(&key, &value).await
    }

    /// What this post does when it is late, at every destination that can still be changed.
    ///
    /// # Errors
    /// `post.unknown`; `post.busy` while one of them is on its way.
    pub async fn set_post_lateness(&self, id: PostId, policy: LatenessPolicy) -> Result<(), Problem> {
        let overview = self.post(id).await?;
        let mut publications = overview.publications;
        for publication in publications
            .iter_mut()
            .filter(|publication| publication.state.is_editable())
        {
            publication.lateness = policy;
        }
        self.parts()
            .store
            .save_post(&overview.post, &publications)
            .await?;
        self.emit(EngineEvent::PostChanged(id));
        Ok(())
    }

    async fn read_spacing(&self, key: &str) -> Result<Option<Duration>, Problem> {
        let value = self.parts().store.setting(key).await?;
        Ok(value
            .and_then(|value| value.parse().ok())
            .map(Duration::from_millis))
    }
}
