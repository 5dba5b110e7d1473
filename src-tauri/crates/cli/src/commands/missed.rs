//! `daypart missed`: what missed its time, and what becomes of it.

use clap::Args;
use daypart_domain::{ids::PublicationId, problem::Problem};
use daypart_engine::MissedDecision;

use crate::{exit::ExitCode, output, session::looking, target};

#[derive(Args)]
pub struct Missed {
    /// Publish now; several of one account go out its spacing apart.
    #[arg(long, group = "decision")]
    publish: bool,
    /// Publish when the account has nothing else near.
    #[arg(long, group = "decision")]
    next_slot: bool,
    /// Let them go.
    #[arg(long, group = "decision")]
    skip: bool,
    /// Publications, from `daypart missed`.
    #[arg(requires = "decision", conflicts_with = "all")]
    ids: Vec<String>,
    /// Everything that was missed.
    #[arg(long, requires = "decision")]
    all: bool,
    #[arg(long)]
    json: bool,
}

impl Missed {
    /// What is decided is recorded; the window or `daypart run` does the work.
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart missed", async |session| {
            let engine = session.engine();
            let missed = engine.missed().await?;
            let shown = match self.decision() {
                None => missed,
                Some(decision) => {
                    let ids = match self.all {
                        true => missed.iter().map(|publication| publication.id).collect(),
                        false => self.ids()?,
                    };
                    engine.decide_missed(&ids, &decision).await?
                }
            };
            if self.json {
                let mut wires = Vec::new();
                for publication in shown {
                    wires.push(daypart_app::wire::publication(engine, publication).await?);
                }
                output::print_json(&wires)?;
                return Ok(ExitCode::Done);
            }
            if shown.is_empty() {
                output::print_line("Nothing was missed.");
            }
            for publication in &shown {
                let account = engine.account(publication.account_id).await?;
                let due = publication
                    .due_at
                    .map_or_else(String::new, |due_at| format!(", due {due_at}"));
                output::print_line(&format!(
                    "{}  {}{due}",
                    publication.id,
                    output::publication_line(&target::label(&account), publication)
                ));
            }
            Ok(ExitCode::Done)
        })
        .await
    }

    fn decision(&self) -> Option<MissedDecision> {
        if self.publish {
            Some(MissedDecision::PublishNow)
        } else if self.next_slot {
            Some(MissedDecision::NextSlot)
        } else {
            self.skip.then_some(MissedDecision::LetGo)
        }
    }

    fn ids(&self) -> Result<Vec<PublicationId>, Problem> {
        self.ids
            .iter()
            .map(|id| daypart_ipc::convert::parse_id(id))
            .collect()
    }
}
