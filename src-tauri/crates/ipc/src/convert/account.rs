use daypart_domain::{
    account::{Account as DomainAccount, AccountHealth, PostingOptions as DomainPostingOptions},
    account_check::AccountCheck,
    ids::AccountId,
    platform::Realm as DomainRealm,
};

use crate::{Account, AccountState, Choice, PostingOptions, Realm};

impl From<DomainRealm> for Realm {
    fn from(realm: DomainRealm) -> Self {
        match realm {
            DomainRealm::Practice => Self::Practice,
            DomainRealm::Real => Self::Real,
        }
    }
}

impl From<Realm> for DomainRealm {
    fn from(realm: Realm) -> Self {
        match realm {
            Realm::Practice => Self::Practice,
            Realm::Real => Self::Real,
        }
    }
}

impl Account {
    pub fn from_domain(account: DomainAccount, platform_name: &str) -> Self {
        let DomainAccount {
            id,
            platform,
            realm,
            remote_user_id: _,
            display_name,
            avatar_url,
            granted_scopes: _,
            limits: _,
            health,
            connected_at,
            disconnected_at: _,
        } = account;
        let (state, error) = match health {
            AccountHealth::Connected => (AccountState::Connected, None),
            AccountHealth::NeedsReconnect(problem) => (AccountState::NeedsReconnect, Some(problem.into())),
        };
        Self {
            id: id.to_string(),
            platform: platform.as_str().to_owned(),
            platform_name: platform_name.to_owned(),
            realm: realm.into(),
            display_name,
            avatar_url,
            state,
            error,
            connected_at,
            checked_at: None,
            check_error: None,
            sign_in_ends_at: None,
        }
    }

    /// With what the last look at it showed.
    #[must_use]
    pub fn with_check(mut self, check: Option<AccountCheck>) -> Self {
        let Some(check) = check else { return self };
        let AccountCheck {
            account_id: _,
            asked_at: _,
            answered_at,
            problem,
            sign_in_ends_at,
            told_end: _,
        } = check;
        self.checked_at = answered_at;
        self.check_error = problem.map(Into::into);
        self.sign_in_ends_at = sign_in_ends_at;
        self
    }
}

impl PostingOptions {
    pub fn from_domain(account_id: AccountId, options: DomainPostingOptions) -> Self {
        let DomainPostingOptions {
            choices,
            disabled,
            limits,
            blocked,
        } = options;
        let choices = choices
            .into_iter()
            .map(|(key, pairs)| {
                let list = pairs
                    .into_iter()
                    .map(|(value, label)| Choice { value, label })
                    .collect();
                (key, list)
            })
            .collect();
        Self {
            account_id: account_id.to_string(),
            blocked,
            choices,
            disabled,
            max_duration_ms: limits.duration_max_ms,
        }
    }
}
