//! `daypart add FILE…`

use clap::Args;
use daypart_domain::{
    asset::{Asset, AssetState},
    ids::AssetId,
    problem::Problem,
};
use daypart_engine::{AddOutcome, Engine};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    exit::ExitCode,
    output,
    session::{Session, within},
};

#[derive(Args)]
pub struct Add {
    /// Videos and pictures; they stay where they are. All are taken in at once, or none.
    #[arg(required = true)]
    files: Vec<String>,
    #[arg(long)]
    json: bool,
}

impl Add {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        within("daypart add", async |session| {
            let outcomes = session.engine().add_assets(&self.files).await?;
            let mut codes = Vec::new();
            let mut wires = Vec::new();
            for outcome in outcomes {
                let asset = match outcome {
                    AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset) => asset,
                    AddOutcome::Refused { problem, .. } => {
                        output::print_problem(&problem);
                        codes.push(ExitCode::of(&problem));
                        continue;
                    }
                };
                let asset = session
                    .wait(async |engine| measured(engine, asset.id).await)
                    .await?;
                if let AssetState::Refused(problem) = &asset.state {
                    codes.push(ExitCode::of(problem));
                }
                if self.json {
                    let overview = session.engine().asset(asset.id).await?;
                    let links = |_, _| Default::default();
                    wires.push(daypart_app::wire::asset(session.engine(), overview, &links).await);
                } else {
                    print_asset(&asset);
                }
            }
            if self.json {
                output::print_json(&wires)?;
            }
            Ok(ExitCode::gravest(codes))
        })
        .await
    }
}

/// Adds one file and waits until it has been measured (by us or by the owner).
pub async fn add_and_measure(session: &mut Session, file: &str) -> Result<Asset, Problem> {
    let outcomes = session.engine().add_assets(&[file.to_owned()]).await?;
    let outcome = outcomes.into_iter().next();
    let id: AssetId = match outcome {
        Some(AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset)) => asset.id,
        Some(AddOutcome::Refused { problem, .. }) => return Err(problem),
        None => return Err(Problem::bug("a file was added without an outcome")),
    };
    session.wait(async |engine| measured(engine, id).await).await
}

async fn measured(engine: &Engine, id: AssetId) -> Result<Asset, Problem> {
    let mut news = engine.subscribe();
    loop {
        let asset = engine.asset(id).await?.asset;
        if asset.state != AssetState::Probing {
            return Ok(asset);
        }
        match news.recv().await {
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Err(Problem::bug("the engine ended while a file was measured")),
        }
    }
}

fn print_asset(asset: &Asset) {
    match &asset.state {
        AssetState::Refused(problem) => {
            output::print_problem(problem);
        }
        AssetState::Probing => output::print_line(&format!("{}: being measured", asset.file_name())),
        AssetState::Ready(info) => output::print_line(&format!(
            "{}: {} × {}, {:.1} s, {} in {}, {}",
            asset.file_name(),
            info.video.width_px,
            info.video.height_px,
            info.duration_ms as f64 / 1000.0,
            info.video.codec,
            info.container.label(),
            output::megabytes(info.size_bytes),
        )),
        AssetState::Picture(info) => output::print_line(&format!(
            "{}: {} × {}, {} picture, {}",
            asset.file_name(),
            info.width_px,
            info.height_px,
            info.format.label(),
            output::megabytes(info.size_bytes),
        )),
    }
}
