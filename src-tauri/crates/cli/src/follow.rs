//! Waits for a post to be settled, telling every move. Wakes on news, never polls.

use std::{collections::BTreeMap, time::Duration};

use daypart_domain::{
    extra::{Extra, ExtraState},
    ids::{PostId, PublicationId},
    problem::Problem,
    publication_state::PublicationState,
};
use daypart_engine::{Engine, PostOverview};
use tokio::sync::broadcast::error::RecvError;

use crate::{output, session::Session, target};

/// How long a post that is out is waited for to get its link, which some platforms give only after a look of their own,
/// and what is added to it.
const LINK_WAIT: Duration = Duration::from_secs(10);

/// Returns once every publication of the post has come to rest. Says so on stderr when the wait is long.
pub async fn until_settled(
    session: &mut Session,
    post: PostId,
    quiet: bool,
) -> Result<PostOverview, Problem> {
    let mut told = BTreeMap::new();
    session
        .wait(async |engine| settled(engine, post, quiet, &mut told).await)
        .await
}

async fn settled(
    engine: &Engine,
    post: PostId,
    quiet: bool,
    told: &mut BTreeMap<PublicationId, (PublicationState, bool)>,
) -> Result<PostOverview, Problem> {
    let mut news = engine.subscribe();
    let mut links_until = None;
    loop {
        let overview = engine.post(post).await?;
        for publication in &overview.publications {
            let stand = (publication.state, publication.transfer.paused_at.is_some());
            if told.insert(publication.id, stand) != Some(stand) && !quiet {
                let account = engine.account(publication.account_id).await?;
                eprintln!(
                    "{}",
                    output::publication_line(&target::label(&account), publication)
                );
            }
        }
        let is_settled = overview
            .publications
            .iter()
            .all(|publication| publication.state.is_settled());
        if is_settled
            && (tokio::time::Instant::now() >= *links_until.get_or_insert_with(link_deadline)
                || !link_expected(engine, &overview).await?)
        {
            return Ok(overview);
        }
        let until = if is_settled { links_until } else { None };
        let is_over = async {
            match until {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(is_over);
        loop {
            tokio::select! {
                heard = news.recv() => match heard {
                    Ok(daypart_engine::EngineEvent::Transfer(_)) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => {
                        return Err(Problem::bug("the engine ended while a post was followed"));
                    }
                },
                () = &mut is_over => break,
            }
        }
    }
}

fn is_being_made(extra: &Extra) -> bool {
    extra.state == ExtraState::Waiting { problem: None }
}

fn link_deadline() -> tokio::time::Instant {
    tokio::time::Instant::now() + LINK_WAIT
}

/// Whether a publication that is out has no link yet and is still being read, or is still being added to. What was
/// tried and has to wait is not waited for here.
async fn link_expected(engine: &Engine, overview: &PostOverview) -> Result<bool, Problem> {
    for publication in &overview.publications {
        if publication.extras.iter().any(is_being_made) {
            return Ok(true);
        }
        let has_no_link = publication
            .receipt
            .as_ref()
            .is_some_and(|receipt| receipt.url.is_none());
        if has_no_link && engine.is_being_read(publication.id).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
