//! `daypart diagnostics`

use std::path::PathBuf;

use clap::Args;
use daypart_domain::problem::Problem;

use crate::{exit::ExitCode, output, session::looking};

#[derive(Args)]
pub struct Diagnostics {
    /// A folder; it is made where it is missing.
    #[arg(short, long)]
    out: PathBuf,
}

impl Diagnostics {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart diagnostics", async |session| {
            for part in session.app.write_diagnostics(&self.out).await? {
                output::print_line(&self.out.join(&part.name).display().to_string());
            }
            eprintln!("Nothing has been sent. Read the files before you pass them on.");
            Ok(ExitCode::Done)
        })
        .await
    }
}
