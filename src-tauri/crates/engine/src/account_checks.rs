//! Looking at accounts before they are needed: a sign-in that ended is told a day before a post, not at its time.

use daypart_domain::{
    account::{Account, AccountHealth},
    account_check::{self, AccountCheck},
    ids::AccountId,
    problem::{ErrorCode, Problem, RetryClass, UserAction, codes},
};
use jiff::Timestamp;

use crate::{Engine, EngineEvent};

impl Engine {
    /// The last look at an account; `None` before the first.
    pub async fn account_check(&self, id: AccountId) -> Result<Option<AccountCheck>, Problem> {
        self.parts().store.account_check(id).await
    }

    /// Asks the platform about the account now and keeps what came of it. What the user has to do is told by a notice.
    /// A fault of the network changes nothing about the account.
    ///
    /// # Errors
    /// `account.unknown`, `store.…`. That the platform did not answer stands in the check.
    pub async fn check_account(&self, id: AccountId) -> Result<AccountCheck, Problem> {
        let account = self.account(id).await?;
        let last = self.parts().store.account_check(id).await?;
        let asked_at = self.now();
        let answer = self.ask_for_profile(&account).await;
        let mut check = AccountCheck {
            account_id: id,
            asked_at,
            answered_at: last.as_ref().and_then(|last| last.answered_at),
            problem: None,
            sign_in_ends_at: self.sign_in_end(&account).await,
            told_end: last.and_then(|last| last.told_end),
        };
        let notice = match answer {
            Ok(()) => {
                check.answered_at = Some(asked_at);
                self.mark_health(&account, AccountHealth::Connected).await?;
                account_check::end_to_tell(&check, asked_at).map(|end| {
                    check.told_end = Some(end);
                    ends_soon(&account, &self.platform_name(&account), end)
                })
            }
            Err(problem) => {
                tracing::info!(account = %id, code = %problem.code, "an account was looked at without an answer");
                check.problem = Some(problem.clone());
                let needs_user = matches!(problem.retry, RetryClass::NeedsUser { .. });
                needs_user.then_some(problem)
            }
        };
        self.parts().store.put_account_check(&check).await?;
        if let Some(problem) = notice {
            self.emit(EngineEvent::Notice(problem));
        }
        self.emit(EngineEvent::AccountChanged(id));
        Ok(check)
    }

    /// When the next look at any account is due. Accounts that wait for their user are not looked at.
    pub(crate) async fn next_account_check(&self) -> Result<Option<(Timestamp, AccountId)>, Problem> {
        let Some(every) = self.parts().pace.rounds_every else {
            return Ok(None);
        };
        let now = self.now();
        let store = &self.parts().store;
        let mut next = None;
        for account in store.accounts().await? {
            if account.health != AccountHealth::Connected {
                continue;
            }
            let last = store.account_check(account.id).await?;
            let post_at = store.next_post_of(account.id, now).await?;
            let due_at = account_check::due_at(account.connected_at, last.as_ref(), post_at, every);
            let is_first = next.is_none_or(|(first, _)| due_at < first);
            if is_first {
                next = Some((due_at, account.id));
            }
        }
        Ok(next)
    }

    async fn ask_for_profile(&self, account: &Account) -> Result<(), Problem> {
        let adapter = self.adapter(account)?;
        let asked = self
            .with_session(account, |session| {
                let adapter = adapter.clone();
                async move { adapter.profile(&session).await }
            })
            .await;
        let profile = match asked {
            Ok(profile) => profile,
            Err(problem) => {
                // Also where no call was made: the sign-in is not in the keychain.
                if problem.code == codes::AUTH_REVOKED {
                    self.mark_health(account, AccountHealth::NeedsReconnect(problem.clone()))
                        .await?;
                }
                return Err(problem);
            }
        };
        let is_news =
            profile.display_name != account.display_name || profile.avatar_url != account.avatar_url;
        if is_news
            && profile.remote_user_id == account.remote_user_id
            && let Some(mut stored) = self.parts().store.account(account.id).await?
        {
            stored.display_name = profile.display_name;
            stored.avatar_url = profile.avatar_url;
            self.parts().store.put_account(&stored).await?;
        }
        Ok(())
    }

    /// `None` also when the vault does not answer: that is told by the look itself.
    async fn sign_in_end(&self, account: &Account) -> Option<Timestamp> {
        let grant = self.grant(account).await.ok()?;
        match grant.refresh_token {
            Some(_) => grant.refresh_expires_at,
            None => Some(grant.expires_at),
        }
    }
}

fn ends_soon(account: &Account, platform: &str, end: Timestamp) -> Problem {
    let day = end.strftime("%-d %B %Y");
    Problem::needs_user(
        ErrorCode::new("auth.ends_soon"),
        UserAction::Reconnect,
        format!(
            "{platform} ends the sign-in of {} on {day}; posts after that would wait for you.",
            account.display_name
        ),
    )
    .fix("Connect the account again before that day.")
}
