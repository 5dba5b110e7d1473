use std::collections::BTreeMap;

use daypart_domain::capabilities::Capabilities;
use daypart_domain::platform::PlatformId;
use daypart_domain::problem::Problem;
use daypart_domain::publication::Publication;
use daypart_domain::schedule::LocalSchedule;
use daypart_engine::{DestinationCheck, PostOverview, PublicationLog};
use daypart_ipc as wire;

use super::{AccountsRead, Views, platform_name};

impl Views<'_> {
    pub async fn posts(&self, overviews: Vec<PostOverview>) -> Result<Vec<wire::Post>, Problem> {
        let capabilities = self.capabilities().await;
        let mut accounts = AccountsRead::default();
        let mut views = Vec::with_capacity(overviews.len());
        for overview in overviews {
            views.push(self.one_post(overview, &capabilities, &mut accounts).await?);
        }
        Ok(views)
    }

    pub async fn post(&self, overview: PostOverview) -> Result<wire::Post, Problem> {
        self.one_post(overview, &self.capabilities().await, &mut AccountsRead::default())
            .await
    }

    /// A publication by itself, as the events and the answers to the user's decisions carry it.
    pub async fn publication(&self, publication: Publication) -> Result<wire::Publication, Problem> {
        let schedule = self.engine.post(publication.post_id).await?.post.schedule;
        self.one_publication(
            publication,
            schedule.as_ref(),
            &self.capabilities().await,
            &mut AccountsRead::default(),
        )
        .await
    }

    async fn one_post(
        &self,
        overview: PostOverview,
        capabilities: &BTreeMap<PlatformId, Capabilities>,
        accounts: &mut AccountsRead,
    ) -> Result<wire::Post, Problem> {
        let PostOverview {
            post,
            asset: _,
            publications,
        } = overview;
        let mut views = Vec::with_capacity(publications.len());
        for publication in publications {
            let view = self
                .one_publication(
                    publication.clone(),
                    post.schedule.as_ref(),
                    capabilities,
                    accounts,
                )
                .await?;
            views.push((publication, view));
        }
        Ok(wire::Post::from_domain(post, views))
    }

    async fn one_publication(
        &self,
        publication: Publication,
        schedule: Option<&LocalSchedule>,
        capabilities: &BTreeMap<PlatformId, Capabilities>,
        accounts: &mut AccountsRead,
    ) -> Result<wire::Publication, Problem> {
        let account = accounts.get(self.engine, publication.account_id).await?;
        let around = wire::convert::PublicationSurroundings {
            account,
            platform_name: platform_name(capabilities, &account.platform),
            schedule,
            next_attempt_at: None,
        };
        Ok(wire::Publication::from_domain(publication, around))
    }
}

/// The pre-flight of a whole post. A post without a video or a destination cannot go out either.
pub fn post_check(overview: &PostOverview, checks: Vec<DestinationCheck>) -> wire::PostCheck {
    let mut findings = Vec::new();
    let mut missing = |rule: &str, message: &str| findings.push(blocking(rule, message));
    match &overview.asset {
        None => missing("post.video", "Choose a video."),
        Some(asset) if asset.asset.media_info().is_none() => {
            missing("post.video", "The video is not measured yet, or cannot be used.");
        }
        Some(_) => {}
    }
    if overview.publications.is_empty() {
        missing("post.destination", "Choose at least one account to post to.");
    }
    let destinations: Vec<wire::DestinationCheck> = checks
        .into_iter()
        .map(
            |DestinationCheck {
                 account_id,
                 preflight,
             }| { wire::DestinationCheck::from_preflight(account_id, preflight) },
        )
        .collect();
    let blocked = destinations.iter().any(wire::DestinationCheck::is_blocked);
    wire::PostCheck {
        post_id: overview.post.id.to_string(),
        destinations,
        can_schedule: findings.is_empty() && !blocked,
        findings,
    }
}

fn blocking(rule: &str, message: &str) -> wire::Finding {
    wire::Finding {
        severity: wire::Severity::Blocking,
        rule: rule.to_owned(),
        message: message.to_owned(),
        measured: None,
        limit: None,
        source: None,
        fix: None,
        field: None,
    }
}

/// Transitions and attempts, each attempt with its own lines.
pub fn publication_log(id: String, log: PublicationLog) -> wire::PublicationLog {
    let PublicationLog {
        events,
        attempts,
        lines,
    } = log;
    let lines_of = |attempt_id| {
        let own = lines.iter().filter(|line| line.attempt_id == attempt_id);
        own.map(|line| wire::LogLine {
            at: line.at,
            text: line.line.clone(),
        })
        .collect()
    };
    wire::PublicationLog {
        publication_id: id,
        events: events.into_iter().map(wire::PublicationEvent::from).collect(),
        attempts: attempts
            .into_iter()
            .map(|attempt| {
                let lines = lines_of(attempt.id);
                wire::Attempt::from_domain(attempt, lines)
            })
            .collect(),
    }
}
