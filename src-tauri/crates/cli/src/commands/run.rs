//! `daypart run`: works off what is planned, without a window.

use std::collections::HashSet;

use clap::Args;
use daypart_domain::{
    ids::PublicationId,
    problem::{ErrorCode, Problem, UserAction},
    publication::Publication,
    publication_state::PublicationState::{Ready, Staged, Uploading},
};
use daypart_engine::{Engine, Role};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    exit::ExitCode,
    interruption::interruption,
    output,
    session::{Session, within},
};

#[derive(Args)]
pub struct Run {
    /// End once every publication has come to rest, instead of waiting for more.
    #[arg(long)]
    until_settled: bool,
}

impl Run {
    /// Says on stdout when it is at work; ends by itself, on Ctrl+C or on SIGTERM, at a safe point.
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let until_settled = self.until_settled;
        within("daypart run", async |session| {
            let is_guest = session.engine().role() == Role::Guest;
            if is_guest && !until_settled {
                return Err(Problem::needs_user(
                    ErrorCode::new("run.owned"),
                    UserAction::Retry,
                    "Another Daypart already works in this data folder.",
                )
                .fix("Leave the work to it, or quit it first."));
            }
            let interrupted = interruption()?;
            output::print_line(&format!("working in {}", session.app.data_dir().display()));
            tokio::select! {
                settled = settled(session), if until_settled => settled,
                () = interrupted => Ok(ExitCode::Done),
            }
        })
        .await
    }
}

/// Held back by the user: there is nothing to wait for.
fn rests(publication: &Publication, all_paused: bool) -> bool {
    let is_held = all_paused || publication.transfer.paused_at.is_some();
    let is_waiting = matches!(publication.state, Ready | Uploading | Staged);
    is_held && is_waiting
}

/// The exit code speaks of what was under way, not of what came to rest before.
async fn settled(session: &mut Session) -> Result<ExitCode, Problem> {
    let mut worked_on = HashSet::new();
    session
        .wait(async |engine| nothing_under_way(engine, &mut worked_on).await)
        .await
}

async fn nothing_under_way(
    engine: &Engine,
    worked_on: &mut HashSet<PublicationId>,
) -> Result<ExitCode, Problem> {
    let mut news = engine.subscribe();
    loop {
        let posts = engine.posts().await?;
        let publications = || posts.iter().flat_map(|post| &post.publications);
        let all_paused = engine.transfers().await?.all_paused_at.is_some();
        let under_way = publications()
            .filter(|publication| !publication.state.is_settled() && !rests(publication, all_paused));
        worked_on.extend(under_way.clone().map(|publication| publication.id));
        if under_way.count() == 0 {
            let worked_on = publications().filter(|publication| worked_on.contains(&publication.id));
            return Ok(ExitCode::gravest(worked_on.map(ExitCode::of_publication)));
        }
        match news.recv().await {
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Err(Problem::bug("the engine ended while it was waited for")),
        }
    }
}
