//! Publications and their history on the wire.

use std::collections::BTreeMap;

use daypart_domain::{
    ids::PublicationId, problem::Problem, publication::Publication, schedule::LocalSchedule,
};
use daypart_engine::{Engine, PublicationLog};
use daypart_ipc::{self as ipc, convert::PublicationSurroundings};

pub async fn publication(engine: &Engine, publication: Publication) -> Result<ipc::Publication, Problem> {
    let schedule = engine.post(publication.post_id).await?.post.schedule;
    from_domain(engine, publication, schedule.as_ref()).await
}

pub(super) async fn from_domain(
    engine: &Engine,
    publication: Publication,
    schedule: Option<&LocalSchedule>,
) -> Result<ipc::Publication, Problem> {
    let account = engine.account(publication.account_id).await?;
    let platform_name = engine.platform_name(&account);
    let next_attempt_at = engine.next_attempt_at(publication.id).await?;
    let around = PublicationSurroundings {
        account: &account,
        platform_name: &platform_name,
        schedule,
        next_attempt_at,
        hand_over: engine.will_hand_over(&publication, &account),
        extras: engine.extras_of(&account),
    };
    Ok(ipc::Publication::from_domain(publication, around))
}

pub fn log(id: PublicationId, log: PublicationLog) -> ipc::PublicationLog {
    let PublicationLog {
        events,
        attempts,
        lines,
    } = log;
    let mut lines_by_attempt = BTreeMap::<_, Vec<ipc::LogLine>>::new();
    for line in lines {
        lines_by_attempt
            .entry(line.attempt_id)
            .or_default()
            .push(ipc::LogLine {
                at: line.at,
                text: line.line,
            });
    }
    ipc::PublicationLog {
        publication_id: id.to_string(),
        events: events.into_iter().map(ipc::PublicationEvent::from).collect(),
        attempts: attempts
            .into_iter()
            .map(|attempt| {
                let lines = lines_by_attempt.remove(&attempt.id).unwrap_or_default();
                ipc::Attempt::from_domain(attempt, lines)
            })
            .collect(),
    }
}
