//! What our own record says about a planned post: how much of a quota is used, and whether the same file went to the
//! same account before. All of it is advice; the platform decides, and so does the user.

use std::time::Duration;

use daypart_domain::{
    account::Account,
    compliance::{Finding, Severity},
    lateness::SPACING,
    problem::Problem,
    publication::Publication,
    publication_state::PublicationState,
    quota::{Forecast, Quota, QuotaScope},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{Engine, posts::PostOverview};

/// Closer than this, two posts of one account are pointed out.
const SAME_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Longer than every window that a quota counts in.
const LEDGER: Duration = Duration::from_secs(48 * 3_600);

const SOURCE: &str = "Daypart's own record";

/// What a quota says about one publication.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotaForecast {
    pub quota: Quota,
    pub forecast: Forecast,
}

/// A post of the same account, and when it goes or went out.
struct Neighbour {
    account: daypart_domain::ids::AccountId,
    at: Timestamp,
}

impl Engine {
    /// What the platform's known quotas say about publishing this at its planned time.
    pub async fn quota_forecasts(
        &self,
        publication: &Publication,
        account: &Account,
        at: Timestamp,
    ) -> Result<Vec<QuotaForecast>, Problem> {
        let quotas = self.adapter(account)?.capabilities().quotas.clone();
        if quotas.is_empty() {
            return Ok(Vec::new());
        }
        let neighbours = self.neighbours(publication, at).await?;
        let of_client: Vec<_> = self
            .parts()
            .store
            .accounts()
            .await?
            .into_iter()
            .filter(|other| other.platform == account.platform && other.realm == account.realm)
            .map(|other| other.id)
            .collect();
        Ok(quotas
            .into_iter()
            .map(|quota| {
                let times: Vec<Timestamp> = neighbours
                    .iter()
                    .filter(|neighbour| match quota.scope {
                        QuotaScope::Account => neighbour.account == account.id,
                        QuotaScope::Client => of_client.contains(&neighbour.account),
                    })
                    .map(|neighbour| neighbour.at)
                    .collect();
                QuotaForecast {
                    quota,
                    forecast: quota.forecast(at, &times),
                }
            })
            .collect())
    }

    /// Findings about a destination that come from our own record, for its pre-flight.
    pub(crate) async fn record_findings(
        &self,
        overview: &PostOverview,
        publication: &Publication,
        account: &Account,
    ) -> Result<Vec<Finding>, Problem> {
        // What is out or on its way needs no advice any more.
        if !publication.state.is_editable() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let schedule = overview.post.schedule.as_ref();
        let at = publication
            .due_at
            .or(schedule.map(|schedule| schedule.instant))
            .unwrap_or(now)
            .max(now);
        let clock = WallClock::of(schedule.map(|schedule| schedule.zone.as_str()));
        let mut findings = Vec::new();
        for QuotaForecast { quota, forecast } in self.quota_forecasts(publication, account, at).await? {
            findings.extend(quota_finding(account, quota, forecast, &clock));
        }
        if let Some(limit) = self.limit_of(account).await?.filter(|limit| limit.until > at) {
            findings.push(finding(
                "account.limited",
                Severity::Warning,
                format!(
                    "{} accepts nothing more until {}: {}",
                    account.display_name,
                    clock.words(limit.until),
                    limit.problem.message
                ),
            ));
        }
        findings.extend(self.alike_finding(overview, account, &clock).await?);
        let neighbours = self.neighbours(publication, at).await?;
        let near = neighbours
            .iter()
            .filter(|neighbour| neighbour.account == account.id)
            .filter(|neighbour| neighbour.at.duration_since(at).abs() < SAME_HOUR)
            .min_by_key(|neighbour| neighbour.at.duration_since(at).abs());
        if let Some(near) = near {
            let tense = if near.at <= now { "went out" } else { "is planned" };
            findings.push(finding(
                "account.same_hour",
                Severity::Advice,
                format!(
                    "Another post of {} {tense} within the same hour: {}.",
                    account.display_name,
                    clock.words(near.at)
                ),
            ));
        }
        Ok(findings)
    }

    async fn alike_finding(
        &self,
        overview: &PostOverview,
        account: &Account,
        clock: &WallClock,
    ) -> Result<Option<Finding>, Problem> {
        let Some(asset) = overview.post.asset_id else {
            return Ok(None);
        };
        let alike = self
            .parts()
            .store
            .publications_alike(account.id, asset, overview.post.id)
            .await?;
        let told = alike.iter().find_map(|other| {
            let name = &account.display_name;
            match (other.state, &other.receipt, other.due_at) {
                (PublicationState::Published, Some(receipt), _) => {
                    let link = receipt.url.as_deref().map(|url| format!(" ({url})"));
                    Some(format!(
                        "The same file was published to {name} on {}{}.",
                        clock.words(receipt.published_at),
                        link.unwrap_or_default()
                    ))
                }
                (
                    PublicationState::Draft
                    | PublicationState::Cancelled
                    | PublicationState::Failed
                    | PublicationState::Missed,
                    ..,
                )
                | (_, _, None) => None,
                (_, _, Some(due_at)) => Some(format!(
                    "The same file is already planned for {name}: {}.",
                    clock.words(due_at)
                )),
            }
        });
        Ok(told.map(|sentence| finding("file.same_account", Severity::Warning, sentence)))
    }

    /// Everything that was sent or is planned around `at`, but for the publication itself.
    async fn neighbours(&self, publication: &Publication, at: Timestamp) -> Result<Vec<Neighbour>, Problem> {
        let store = &self.parts().store;
        let now = self.now();
        let since = at.min(now) - LEDGER.max(SPACING);
        let sent = store.final_calls(since).await?;
        let planned = store.publications_in(&PLANNED).await?;
        let sent = sent
            .into_iter()
            .filter(|call| call.publication_id != publication.id)
            .map(|call| Neighbour {
                account: call.account_id,
                at: call.at,
            });
        let planned = planned
            .into_iter()
            .filter(|other| other.id != publication.id)
            .filter_map(|other| {
                Some(Neighbour {
                    account: other.account_id,
                    at: other.due_at?.max(now),
                })
            });
        Ok(sent.chain(planned).collect())
    }
}

/// Before their final call; what comes after it is among the final calls.
const PLANNED: [PublicationState; 5] = [
    PublicationState::Scheduled,
    PublicationState::Preparing,
    PublicationState::Ready,
    PublicationState::Uploading,
    PublicationState::Staged,
];

fn quota_finding(account: &Account, quota: Quota, forecast: Forecast, clock: &WallClock) -> Option<Finding> {
    let frees_at = forecast.frees_at?;
    let whose = match quota.scope {
        QuotaScope::Account => account.display_name.as_str(),
        QuotaScope::Client => "all accounts together",
    };
    Some(Finding {
        rule: "quota".into(),
        severity: Severity::Warning,
        sentence: format!(
            "{} of {} {} for {whose} are used by then. There is room again on {}.",
            forecast.used,
            forecast.allowed,
            quota.label,
            clock.words(frees_at)
        ),
        measured: format!("{} sent or planned", forecast.used),
        limit: format!("{} per {}", quota.posts, quota.window.words()),
        source: quota.source.to_owned(),
        fix: None,
    })
}

fn finding(rule: &str, severity: Severity, sentence: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        sentence,
        measured: String::new(),
        limit: String::new(),
        source: SOURCE.to_owned(),
        fix: None,
    }
}

/// Times in sentences, in the zone in which the post was planned.
struct WallClock(TimeZone);

impl WallClock {
    fn of(zone: Option<&str>) -> Self {
        let named = zone.and_then(|zone| TimeZone::get(zone).ok());
        Self(named.unwrap_or(TimeZone::UTC))
    }

    fn words(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone())
            .strftime("%a %-d %b %Y, %H:%M %Z")
            .to_string()
    }
}
