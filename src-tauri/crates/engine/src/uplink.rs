//! How fast this computer sends, learnt from what it sent.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use daypart_domain::{platform::Realm, problem::Problem};

use crate::Engine;

/// A document of bytes per second by line.
const UPLINK: &str = "uplink";
/// Weight of what was sent last.
const NEWEST: f64 = 0.3;
/// Less says nothing about the line.
const MEASURED_BYTES_MIN: u64 = 1_000_000;
/// How much sending makes one measurement.
const MEASURED_OVER: Duration = Duration::from_secs(5);

/// What was sent since the last measurement was kept.
#[derive(Default)]
pub(crate) struct Uplinks(Mutex<HashMap<&'static str, (u64, Duration)>>);

impl Uplinks {
    /// Adds it; gives everything since the last measurement when that is enough for one.
    fn add(&self, line: &'static str, bytes: u64, took: Duration, over: Duration) -> Option<f64> {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = sums.entry(line).or_default();
        *sum = (sum.0 + bytes, sum.1 + took);
        if sum.0 < MEASURED_BYTES_MIN || sum.1 < over || sum.1.is_zero() {
            return None;
        }
        let (bytes, took) = std::mem::take(sum);
        Some(bytes as f64 / took.as_secs_f64())
    }
}

/// Practice goes over loopback and says nothing about the line to the world.
fn line_of(realm: Realm) -> &'static str {
    match realm {
        Realm::Real => "internet",
        Realm::Practice => "practice",
    }
}

fn averaged(known: Option<u64>, newest: f64) -> u64 {
    known
        .map_or(newest, |known| known as f64 * (1.0 - NEWEST) + newest * NEWEST)
        .round()
        .max(1.0) as u64
}

impl Engine {
    /// Bytes per second as measured; `None` before the first measurement.
    pub(crate) async fn uplink(&self, realm: Realm) -> Result<Option<u64>, Problem> {
        Ok(self.uplinks().await?.get(line_of(realm)).copied())
    }

    /// Learns from a part that arrived. Under a limit nothing is learnt: it would be the limit.
    pub(crate) async fn learn_uplink(&self, realm: Realm, bytes: u64, took: Duration, is_last: bool) {
        if self.inner.throttle.limit_now().is_some() {
            return;
        }
        let over = if is_last { Duration::ZERO } else { MEASURED_OVER };
        let line = line_of(realm);
        let Some(newest) = self.inner.uplinks.add(line, bytes, took, over) else {
            return;
        };
        if let Err(problem) = self.keep_uplink(line, newest).await {
            tracing::warn!(code = %problem.code, "the measured uplink was not kept");
        }
    }

    async fn keep_uplink(&self, line: &str, newest: f64) -> Result<(), Problem> {
        let mut uplinks = self.uplinks().await?;
        let average = averaged(uplinks.get(line).copied(), newest);
        uplinks.insert(line.to_owned(), average);
        let document = serde_json::to_string(&uplinks)
            .map_err(|error| Problem::bug("the uplink could not be written").caused_by(&error))?;
        self.parts().store.put_setting(UPLINK, &document).await
    }

    async fn uplinks(&self) -> Result<BTreeMap<String, u64>, Problem> {
        let kept = self.parts().store.setting(UPLINK).await?;
        Ok(kept
            .and_then(|document| serde_json::from_str(&document).ok())
            .unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_pieces_make_one_measurement_together() {
        let uplinks = Uplinks::default();
        let second = Duration::from_secs(1);
        for _ in 0..4 {
            assert_eq!(uplinks.add("internet", 2_000_000, second, MEASURED_OVER), None);
        }
        let measured = uplinks.add("internet", 2_000_000, second, MEASURED_OVER);
        assert_eq!(measured, Some(2_000_000.0));
        assert_eq!(
            uplinks.add("internet", 10, second, Duration::ZERO),
            None,
            "a few bytes say nothing"
        );
    }

    #[test]
    fn one_bad_hour_does_not_make_a_slow_line() {
        assert_eq!(averaged(None, 8_000_000.0), 8_000_000);
        assert_eq!(averaged(Some(8_000_000), 1_000_000.0), 5_900_000);
    }
}
