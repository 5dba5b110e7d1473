//! `daypart list`

use clap::Args;
use daypart_domain::problem::Problem;

use crate::{exit::ExitCode, output, session::looking, target};

#[derive(Args)]
pub struct List {
    #[arg(long)]
    json: bool,
}

impl List {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart list", async |session| {
            let engine = session.engine();
            let posts = engine.posts().await?;
            if self.json {
                let mut wires = Vec::new();
                for overview in posts {
                    wires.push(daypart_app::wire::post(engine, overview).await?);
                }
                output::print_json(&wires)?;
                return Ok(ExitCode::Done);
            }
            if posts.is_empty() {
                output::print_line("No posts yet.");
            }
            for overview in posts {
                let file = overview
                    .asset
                    .as_ref()
                    .map_or("no video", |asset| asset.asset.file_name());
                let caption = overview.post.caption.lines().next().unwrap_or_default();
                output::print_line(&format!("{}  {file}  {caption}", overview.post.id));
                for publication in &overview.publications {
                    let account = engine.account(publication.account_id).await?;
                    output::print_line(&format!(
                        "    {}",
                        output::publication_line(&target::label(&account), publication)
                    ));
                }
            }
            Ok(ExitCode::Done)
        })
        .await
    }
}
