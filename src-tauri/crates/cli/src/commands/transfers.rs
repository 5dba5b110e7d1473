//! `daypart pause`, `daypart resume`, `daypart first`, `daypart transfers`: what is sent when, and how fast.

use clap::Args;
use daypart_domain::{
    bandwidth::{BandwidthHours, BandwidthPlan},
    ids::PublicationId,
    problem::{ErrorCode, Problem},
    publication::Publication,
};
use daypart_engine::TransfersOverview;

use crate::{
    exit::ExitCode,
    output,
    session::{Session, looking},
    target,
};

/// One publication, or everything.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The publication's id, from `daypart show`.
    id: Option<String>,
    /// Everything that is sent, or will be.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub struct Pause {
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
pub struct Resume {
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
pub struct First {
    /// The publication's id, from `daypart show`.
    id: String,
}

#[derive(Args)]
pub struct Transfers {
    /// How many run at the same time.
    #[arg(long)]
    at_once: Option<usize>,
    /// How many of them for one account.
    #[arg(long)]
    per_account: Option<usize>,
    /// For all together, e.g. `500kB/s`, `2MB/s` or `none`.
    #[arg(long, value_parser = limit)]
    limit: Option<Limit>,
    /// Hours with a limit of their own on this computer's clock, e.g. `mon-fri 09:00-17:00 500kB/s`; repeat it for
    /// more. Replaces the whole timetable; `none` clears it.
    #[arg(long, value_name = "HOURS")]
    hours: Vec<String>,
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy)]
struct Limit(Option<u64>);

impl Pause {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id = self.which.publication()?;
        looking("daypart pause", async |session| match id {
            Some(id) => {
                let publication = session.engine().pause_publication(id).await?;
                tell(session, &publication).await
            }
            None => tell_all(&session.engine().pause_transfers().await?),
        })
        .await
    }
}

impl Resume {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id = self.which.publication()?;
        looking("daypart resume", async |session| match id {
            Some(id) => {
                let publication = session.engine().resume_publication(id).await?;
                tell(session, &publication).await
            }
            None => tell_all(&session.engine().resume_transfers().await?),
        })
        .await
    }
}

impl First {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id = daypart_ipc::convert::parse_id(&self.id)?;
        looking("daypart first", async |session| {
            let publication = session.engine().send_publication_first(id).await?;
            tell(session, &publication).await
        })
        .await
    }
}

impl Transfers {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart transfers", async |session| {
            let mut overview = session.engine().transfers().await?;
            let mut rules = overview.rules.clone();
            rules.at_once = self.at_once.unwrap_or(rules.at_once);
            rules.at_once_per_account = self.per_account.unwrap_or(rules.at_once_per_account);
            if let Some(Limit(limit)) = self.limit {
                rules.bandwidth.usual_bytes_per_s = limit;
            }
            if !self.hours.is_empty() {
                let zone = jiff::tz::TimeZone::system();
                rules.bandwidth = BandwidthPlan {
                    usual_bytes_per_s: rules.bandwidth.usual_bytes_per_s,
                    hours: timetable(&self.hours)?,
                    zone: zone.iana_name().unwrap_or("UTC").to_owned(),
                };
            }
            if rules != overview.rules {
                overview = session.engine().set_transfer_rules(&rules).await?;
            }
            if self.json {
                output::print_json(&daypart_app::wire::transfers(overview))?;
                return Ok(ExitCode::Done);
            }
            tell_all(&overview)
        })
        .await
    }
}

impl Which {
    fn publication(&self) -> Result<Option<PublicationId>, Problem> {
        let id = self.id.as_deref();
        id.map(daypart_ipc::convert::parse_id).transpose()
    }
}

async fn tell(session: &Session, publication: &Publication) -> Result<ExitCode, Problem> {
    let account = session.engine().account(publication.account_id).await?;
    output::print_line(&output::publication_line(&target::label(&account), publication));
    Ok(ExitCode::Done)
}

fn tell_all(overview: &TransfersOverview) -> Result<ExitCode, Problem> {
    let rules = &overview.rules;
    if let Some(since) = overview.all_paused_at {
        output::print_line(&format!("all transfers are paused since {since}"));
    }
    output::print_line(&format!(
        "{} at once, {} per account",
        rules.at_once, rules.at_once_per_account
    ));
    let usual = rules.bandwidth.usual_bytes_per_s;
    output::print_line(&format!("limit: {}", rate(usual)));
    for hours in &rules.bandwidth.hours {
        output::print_line(&format!("  {}", hours_line(hours)));
    }
    if overview.limit_now_bytes_per_s != usual {
        output::print_line(&format!("limit now: {}", rate(overview.limit_now_bytes_per_s)));
    }
    Ok(ExitCode::Done)
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn rate(limit: Option<u64>) -> String {
    limit.map_or("none".into(), |limit| {
        if limit % 1_000_000 == 0 {
            format!("{}MB/s", limit / 1_000_000)
        } else {
            format!("{}kB/s", limit / 1_000)
        }
    })
}

fn hours_line(hours: &BandwidthHours) -> String {
    let days: Vec<&str> = hours
        .days
        .iter()
        .filter_map(|day| DAYS.get(usize::from(*day).wrapping_sub(1)).copied())
        .collect();
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!(
        "{} {}-{} {}",
        days.join(","),
        clock(hours.from_minute),
        clock(hours.to_minute),
        rate(hours.limit_bytes_per_s)
    )
}

fn limit(text: &str) -> Result<Limit, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(Limit(None));
    }
    let lower = text.to_ascii_lowercase();
    let bytes = lower.trim_end_matches("/s");
    let scaled = [("mb", 1e6), ("kb", 1e3)]
        .into_iter()
        .find_map(|(unit, scale)| bytes.strip_suffix(unit).map(|number| (number, scale)));
    let number = scaled.and_then(|(number, scale)| number.trim().parse::<f64>().ok().map(|n| n * scale));
    number
        .filter(|number| *number >= 1.0)
        .map(|number| Limit(Some(number as u64)))
        .ok_or_else(|| format!("“{text}” is no rate; write it like 500kB/s, 2MB/s or none"))
}

fn timetable(lines: &[String]) -> Result<Vec<BandwidthHours>, Problem> {
    if lines.iter().any(|line| line.eq_ignore_ascii_case("none")) {
        return Ok(Vec::new());
    }
    lines.iter().map(|line| hours(line)).collect()
}

/// `mon-fri 09:00-17:00 500kB/s`
fn hours(line: &str) -> Result<BandwidthHours, Problem> {
    let parsed = || {
        let mut words = line.split_whitespace();
        let days = days(words.next()?)?;
        let (from, to) = words.next()?.split_once('-')?;
        let Limit(limit_bytes_per_s) = limit(words.next()?).ok()?;
        words.next().is_none().then_some(())?;
        Some(BandwidthHours {
            days,
            from_minute: minute(from)?,
            to_minute: minute(to)?,
            limit_bytes_per_s,
        })
    };
    parsed().ok_or_else(|| {
        Problem::permanent(
            ErrorCode::new("transfers.invalid"),
            format!("“{line}” cannot be read as hours of a timetable."),
        )
        .fix("Write them like “mon-fri 09:00-17:00 500kB/s”.")
    })
}

fn days(text: &str) -> Option<Vec<u8>> {
    let number = |name: &str| {
        let place = DAYS.iter().position(|day| name.eq_ignore_ascii_case(day))?;
        u8::try_from(place + 1).ok()
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (number(first)?, number(last)?);
                let mut day = first;
                days.push(day);
                while day != last {
                    day = day % 7 + 1;
                    days.push(day);
                }
            }
            None if part.eq_ignore_ascii_case("daily") => days.extend(1..=7),
            None => days.push(number(part)?),
        }
    }
    Some(days)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timetable_is_written_as_it_is_read() {
        for (written, told) in [
            (
                "mon-fri 09:00-17:00 500kB/s",
                "mon,tue,wed,thu,fri 09:00-17:00 500kB/s",
            ),
            ("sat-sun 22:00-06:00 none", "sat,sun 22:00-06:00 none"),
            ("fri-mon 00:00-24:00 2MB/s", "fri,sat,sun,mon 00:00-24:00 2MB/s"),
            ("tue,thu 08:30-09:00 1.5MB/s", "tue,thu 08:30-09:00 1500kB/s"),
        ] {
            assert_eq!(hours_line(&hours(written).unwrap()), told);
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_an_example() {
        for wrong in [
            "",
            "mon 09:00 1MB/s",
            "noday 09:00-10:00 1MB/s",
            "mon 9-17 1MB/s",
            "mon 09:00-17:00 fast",
        ] {
            assert_eq!(
                hours(wrong).unwrap_err().code.as_str(),
                "transfers.invalid",
                "{wrong}"
            );
        }
        assert!(limit("0MB/s").is_err());
    }
}
