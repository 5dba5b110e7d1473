//! `daypart simulator`: the practice platforms by themselves, for people and tests.

use clap::Args;
use daypart_domain::problem::Problem;

use crate::{exit::ExitCode, output};

#[derive(Args)]
pub struct Simulator {
    /// Port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Where it keeps what it received; without it nothing outlives the process.
    #[arg(long)]
    data: Option<std::path::PathBuf>,
    /// Seed of its invented ids and random faults.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

impl Simulator {
    /// Prints its address as the first line and runs until interrupted.
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let simulator = daypart_app::start_simulator(self.port, self.data, self.seed).await?;
        output::print_line(simulator.base_url());
        eprintln!(
            "PRACTICE platforms are running. Set DAYPART_PRACTICE_URL to this address to use them; Ctrl+C ends them."
        );
        let _ = tokio::signal::ctrl_c().await;
        simulator.shutdown().await;
        Ok(ExitCode::Done)
    }
}
