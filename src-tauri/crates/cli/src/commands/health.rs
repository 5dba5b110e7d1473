//! `daypart health`

use clap::Args;
use daypart_domain::problem::Problem;
use daypart_ipc::HealthState;

use crate::{exit::ExitCode, output, session::looking};

#[derive(Args)]
pub struct Health {
    #[arg(long)]
    json: bool,
    /// Also ask every platform for an answer, and compare the clocks.
    #[arg(long)]
    reach: bool,
}

impl Health {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart health", async |session| {
            let mut health = session.app.health().await;
            if self.reach {
                health.checks.extend(session.app.reach_platforms().await.checks);
            }
            if self.json {
                output::print_json(&health)?;
            } else {
                for check in &health.checks {
                    let word = match check.state {
                        HealthState::Ok => "ok",
                        HealthState::Warning => "warning",
                        HealthState::Broken => "broken",
                    };
                    output::print_line(&format!("{word:8} {}: {}", check.label, check.message));
                    if let Some(fix) = &check.fix {
                        output::print_line(&format!("         {fix}"));
                    }
                }
            }
            let is_broken = health
                .checks
                .iter()
                .any(|check| check.state == HealthState::Broken);
            Ok(if is_broken {
                ExitCode::NeedsUser
            } else {
                ExitCode::Done
            })
        })
        .await
    }
}
