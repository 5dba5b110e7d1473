//! `daypart retry`, `daypart cancel`, `daypart answer`: one publication each.

use clap::{Args, ValueEnum};
use daypart_domain::{ids::PublicationId, problem::Problem, publication::Publication};
use daypart_engine::DoubtAnswer;

use crate::{
    exit::ExitCode,
    follow, output,
    session::{Session, looking, within},
};

#[derive(Args)]
pub struct Retry {
    /// The publication's id, from `daypart show`.
    #[arg(required_unless_present = "failed")]
    id: Option<String>,
    /// Everything that failed or waits for exactly this.
    #[arg(long, conflicts_with = "id")]
    failed: bool,
}

#[derive(Args)]
pub struct Cancel {
    /// The publication's id, from `daypart show`.
    id: String,
}

#[derive(Args)]
pub struct Answer {
    /// The publication's id, from `daypart show`.
    id: String,
    /// What you saw at the platform.
    answer: Seen,
}

#[derive(Clone, Copy, ValueEnum)]
enum Seen {
    /// The post is there.
    There,
    /// You looked, and it is not there: send it again.
    SendAgain,
}

impl Retry {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let Some(id) = self.id else {
            return retry_failed().await;
        };
        let id = parse(&id)?;
        within("daypart retry", async |session| {
            let publication = session.engine().retry_publication(id).await?;
            settled(session, publication).await
        })
        .await
    }
}

impl Cancel {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id = parse(&self.id)?;
        looking("daypart cancel", async |session| {
            let publication = session.engine().cancel_publication(id).await?;
            tell(session, &publication).await
        })
        .await
    }
}

impl Answer {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let id = parse(&self.id)?;
        let answer = match self.answer {
            Seen::There => DoubtAnswer::ItIsThere,
            Seen::SendAgain => DoubtAnswer::SendAgain,
        };
        within("daypart answer", async |session| {
            let publication = session.engine().answer_in_doubt(id, answer).await?;
            settled(session, publication).await
        })
        .await
    }
}

async fn retry_failed() -> Result<ExitCode, Problem> {
    within("daypart retry", async |session| {
        let retried = session.engine().retry_failed().await?;
        if retried.is_empty() {
            output::print_line("Nothing has failed.");
        }
        let mut codes = Vec::new();
        for publication in retried {
            codes.push(settled(session, publication).await?);
        }
        Ok(ExitCode::gravest(codes))
    })
    .await
}

fn parse(id: &str) -> Result<PublicationId, Problem> {
    daypart_ipc::convert::parse_id(id)
}

async fn settled(session: &mut Session, publication: Publication) -> Result<ExitCode, Problem> {
    let overview = follow::until_settled(session, publication.post_id, false).await?;
    let found = overview
        .publications
        .into_iter()
        .find(|found| found.id == publication.id);
    tell(session, &found.unwrap_or(publication)).await
}

async fn tell(session: &Session, publication: &Publication) -> Result<ExitCode, Problem> {
    let account = session.engine().account(publication.account_id).await?;
    output::print_publication(session, &account, publication);
    Ok(ExitCode::of_publication(publication))
}
