//! `daypart log PUBLICATION`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use daypart_app::wire;
use daypart_domain::{ids::PublicationId, problem::Problem};
use daypart_ipc::{LogFormat, LogLevel};

use crate::{exit::ExitCode, output, session::looking};

#[derive(Args)]
pub struct Log {
    /// The publication's id, from `daypart show`.
    id: String,
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// For a spreadsheet.
    #[arg(long)]
    csv: bool,
    /// Leave out what is less grave.
    #[arg(long, value_enum, default_value = "info")]
    level: Level,
    /// Write to a file instead.
    #[arg(short, long)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Info,
    Warning,
    Error,
}

impl Log {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id: PublicationId = daypart_ipc::convert::parse_id(&self.id)?;
        let format = match (self.json, self.csv) {
            (true, _) => LogFormat::Json,
            (_, true) => LogFormat::Csv,
            _ => LogFormat::Text,
        };
        let least = match self.level {
            Level::Info => LogLevel::Info,
            Level::Warning => LogLevel::Warning,
            Level::Error => LogLevel::Error,
        };
        looking("daypart log", async |session| {
            let engine = session.engine();
            engine.publication(id).await?;
            let entries = wire::log_entries(&engine.publication_log(id).await?);
            let text = wire::log_text(&entries, format, least)?;
            match &self.out {
                Some(out) => session.app.write_text(out, &text).await?,
                None => output::print_line(text.trim_end()),
            }
            Ok(ExitCode::Done)
        })
        .await
    }
}
