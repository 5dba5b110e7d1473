//! `daypart show POST`

use clap::Args;
use daypart_domain::{ids::PostId, problem::Problem};
use serde::Serialize;

use crate::{exit::ExitCode, output, session::looking};

#[derive(Args)]
pub struct Show {
    /// The post's id, from `daypart list`.
    id: String,
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown {
    post: daypart_ipc::Post,
    logs: Vec<daypart_ipc::PublicationLog>,
}

impl Show {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id: PostId = daypart_ipc::convert::parse_id(&self.id)?;
        looking("daypart show", async |session| {
            let engine = session.engine();
            let overview = engine.post(id).await?;
            let mut logs = Vec::new();
            for publication in &overview.publications {
                let log = engine.publication_log(publication.id).await?;
                logs.push(daypart_app::wire::log(publication.id, log));
            }
            if self.json {
                let post = daypart_app::wire::post(engine, overview.clone()).await?;
                output::print_json(&Shown { post, logs })?;
            } else {
                for (publication, log) in overview.publications.iter().zip(&logs) {
                    let account = engine.account(publication.account_id).await?;
                    output::print_publication(session, &account, publication);
                    output::print_line(&format!("  id {}", publication.id));
                    for event in &log.events {
                        let to = serde_json::to_value(event.to).ok();
                        let to = to.as_ref().and_then(|to| to.as_str()).unwrap_or_default();
                        output::print_line(&format!(
                            "  {}  {to} ({}): {}",
                            event.at, event.actor, event.reason
                        ));
                    }
                    for attempt in &log.attempts {
                        let outcome = attempt.outcome.as_deref().unwrap_or("running");
                        output::print_line(&format!("  {}  {}: {outcome}", attempt.started_at, attempt.step));
                        for line in &attempt.lines {
                            output::print_line(&format!("    {}", line.text));
                        }
                    }
                }
            }
            Ok(ExitCode::gravest(
                overview.publications.iter().map(ExitCode::of_publication),
            ))
        })
        .await
    }
}
