//! Whether the platforms answer, and whether the clocks agree; on demand only.

use daypart_domain::platform::Realm;
use daypart_host::SystemClock;
use daypart_ipc::{Health, HealthCheck, HealthState};
use daypart_platforms::reach;

use crate::App;

/// More than this and times of posts are visibly off.
const CLOCK_OFF_MS: i64 = 5_000;

impl App {
    /// Asks every platform once, without a token. Never fails: who does not answer is shown so.
    pub async fn reach_platforms(&self) -> Health {
        let mut checks = Vec::new();
        for listing in self.engine.platforms().await {
            let name = listing.capabilities.name;
            let platform = &listing.capabilities.platform;
            let base = self.practice.base.as_ref();
            let (label, code) = match listing.realm {
                Realm::Practice => (format!("Practice {name}"), format!("reach-practice-{platform}")),
                Realm::Real => (name.to_owned(), format!("reach-{platform}")),
            };
            let (state, message, fix) = match reach(platform, name, listing.realm, base, &SystemClock).await {
                Ok(Some(reached)) => told(reached.took_ms, reached.clock_ahead_ms),
                Ok(None) => continue,
                Err(problem) => (HealthState::Warning, problem.message, problem.fix),
            };
            checks.push(HealthCheck {
                code,
                label,
                state,
                message,
                fix,
            });
        }
        Health { checks }
    }
}

fn told(took_ms: i64, clock_ahead_ms: Option<i64>) -> (HealthState, String, Option<String>) {
    let answered = format!("Answers within {took_ms} ms.");
    match clock_ahead_ms {
        Some(ahead_ms) if ahead_ms.abs() > CLOCK_OFF_MS => {
            let seconds = ahead_ms.abs() / 1_000;
            let direction = if ahead_ms > 0 { "ahead of" } else { "behind" };
            (
                HealthState::Warning,
                format!("{answered} This computer's clock is {seconds} s {direction} it."),
                Some("Set the clock of this computer to be kept by a time server.".into()),
            )
        }
        Some(_) => (HealthState::Ok, format!("{answered} The clocks agree."), None),
        None => (HealthState::Ok, answered, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_with_its_direction() {
        assert_eq!(told(20, Some(800)).0, HealthState::Ok);
        let (state, message, fix) = told(20, Some(-61_000));
        assert_eq!(state, HealthState::Warning);
        assert!(message.contains("61 s behind"), "{message}");
        assert!(fix.is_some());
        assert!(told(20, Some(61_000)).1.contains("61 s ahead of"));
    }
}
