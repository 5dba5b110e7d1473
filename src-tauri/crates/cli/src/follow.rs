//! Waits for a post to be settled, telling every move. Wakes on news, never polls.

use std::collections::BTreeMap;

use daypart_domain::{
    ids::{PostId, PublicationId},
    problem::Problem,
    publication_state::PublicationState,
};
use daypart_engine::PostOverview;
use tokio::sync::broadcast::error::RecvError;

use crate::{output, session::Session, target};

/// Returns once every publication of the post has come to rest. Says so on stderr when the wait is long.
pub async fn until_settled(session: &Session, post: PostId, quiet: bool) -> Result<PostOverview, Problem> {
    let engine = session.engine();
    let mut news = engine.subscribe();
    let mut told: BTreeMap<PublicationId, PublicationState> = BTreeMap::new();
    loop {
        let overview = engine.post(post).await?;
        for publication in &overview.publications {
            if told.insert(publication.id, publication.state) != Some(publication.state) && !quiet {
                let account = engine.account(publication.account_id).await?;
                eprintln!(
                    "{}",
                    output::publication_line(&target::label(&account), publication)
                );
            }
        }
        if overview
            .publications
            .iter()
            .all(|publication| publication.state.is_settled())
        {
            return Ok(overview);
        }
        loop {
            match news.recv().await {
                Ok(daypart_engine::EngineEvent::Transfer(_)) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => {
                    return Err(Problem::bug("the engine ended while a post was followed"));
                }
            }
        }
    }
}
