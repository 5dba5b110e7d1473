//! Who the creator is, and what they may do right now (E1, E8).

use daypart_domain::{
    account::PostingOptions,
    delivery_spec::AccountLimits,
    problem::{Problem, RetryClass},
};
use daypart_ports::platform::{Profile, Session};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    NAME, TikTok,
    capabilities::keys,
    wire::{CreatorInfo, UserData},
};
use crate::{codes, http::Stakes};

/// Fields that `user.info.basic` covers; asking for more is an error.
const USER_FIELDS: &str = "open_id,avatar_url,display_name";

pub async fn profile(tiktok: &TikTok, session: &Session) -> Result<Profile, Problem> {
    let token = session.access_token.expose_secret();
    let request = tiktok
        .http
        .get(format!("{}/v2/user/info/", tiktok.endpoints.api))
        .query(&[("fields", USER_FIELDS)])
        .bearer_auth(token);
    let reply = tiktok
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    let UserData { user } = tiktok.read(&reply, token)?;
    Ok(Profile {
        remote_user_id: user.open_id,
        display_name: user.display_name,
        avatar_url: user.avatar_url,
    })
}

pub async fn creator_info(tiktok: &TikTok, session: &Session) -> Result<CreatorInfo, Problem> {
    tiktok
        .api(session, "/v2/post/publish/creator_info/query/", &json!({}))
        .await
}

/// A creator who may not post now is an answer here, not an error.
pub async fn posting_options(tiktok: &TikTok, session: &Session) -> Result<PostingOptions, Problem> {
    match creator_info(tiktok, session).await {
        Ok(info) => Ok(from_creator_info(&info)),
        Err(problem) if blocks_posting(&problem) => Ok(PostingOptions {
            blocked: Some(match &problem.fix {
                Some(fix) => format!("{} {fix}", problem.message),
                None => problem.message,
            }),
            ..PostingOptions::default()
        }),
        Err(problem) => Err(problem),
    }
}

fn blocks_posting(problem: &Problem) -> bool {
    let daily = matches!(problem.retry, RetryClass::RateLimited { .. }) && problem.code != codes::QUOTA_RATE;
    daily || problem.code == codes::ACCOUNT_BLOCKED
}

fn from_creator_info(info: &CreatorInfo) -> PostingOptions {
    let choices = info
        .privacy_level_options
        .iter()
        .map(|level| (level.clone(), privacy_label(level).to_owned()))
        .collect();
    let disabled = [
        (keys::ALLOW_COMMENT, info.comment_disabled, "Comments are"),
        (keys::ALLOW_DUET, info.duet_disabled, "Duet is"),
        (keys::ALLOW_STITCH, info.stitch_disabled, "Stitch is"),
    ];
    PostingOptions {
        choices: [(keys::PRIVACY_LEVEL.to_owned(), choices)].into(),
        disabled: disabled
            .into_iter()
            .filter(|(_, disabled, _)| *disabled)
            .map(|(key, _, what)| {
                (
                    key.to_owned(),
                    format!("{what} switched off in the TikTok account."),
                )
            })
            .collect(),
        limits: AccountLimits {
            duration_max_ms: info
                .max_video_post_duration_sec
                .map(|seconds| seconds.saturating_mul(1000)),
            ..AccountLimits::default()
        },
        blocked: None,
    }
}

fn privacy_label(level: &str) -> &str {
    match level {
        "PUBLIC_TO_EVERYONE" => "Everyone",
        "MUTUAL_FOLLOW_FRIENDS" => "Friends",
        "FOLLOWER_OF_CREATOR" => "Followers",
        "SELF_ONLY" => "Only me",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_keep_the_platforms_order_and_disabled_toggles_say_why() {
        let info = serde_json::from_value(json!({
            "creator_username": "ada.makes",
            "privacy_level_options": ["FOLLOWER_OF_CREATOR", "SELF_ONLY", "A_NEW_ONE"],
            "stitch_disabled": true, "max_video_post_duration_sec": 600,
        }))
        .unwrap();
        let options = from_creator_info(&info);
        let values: Vec<_> = options.choices[keys::PRIVACY_LEVEL]
            .iter()
            .map(|(value, label)| (value.as_str(), label.as_str()))
            .collect();
        assert_eq!(
            values,
            [
                ("FOLLOWER_OF_CREATOR", "Followers"),
                ("SELF_ONLY", "Only me"),
                ("A_NEW_ONE", "A_NEW_ONE")
            ]
        );
        assert_eq!(options.disabled.keys().collect::<Vec<_>>(), [keys::ALLOW_STITCH]);
        assert_eq!(options.limits.duration_max_ms, Some(600_000));
    }
}
