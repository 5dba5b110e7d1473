//! One file per command.

mod accounts;
mod add;
mod check;
mod convert;
mod cover;
mod diagnostics;
mod filmstrip;
mod health;
mod list;
mod log;
mod measure_media;
mod missed;
mod plan;
mod post;
mod probe;
mod publication;
mod run;
mod show;
mod simulator;
mod storage;
mod transfers;

use clap::Subcommand;
use daypart_domain::problem::Problem;

use crate::exit::ExitCode;

#[derive(Subcommand)]
pub enum Command {
    /// Add video files to the library.
    Add(add::Add),
    /// Measure a file and print what was found.
    Probe(probe::Probe),
    /// Say what platforms would find wrong with a file.
    Check(check::Check),
    /// Say which files would be made for platforms, why, and what that costs.
    Plan(plan::Plan),
    /// Make a file that platforms take, or copy the one that they take as it is.
    Convert(convert::Convert),
    /// Make a strip of small pictures along a file.
    Filmstrip(filmstrip::Filmstrip),
    /// Save one frame of a file as a picture.
    Cover(cover::Cover),
    /// Post a file to one or more accounts, now or at a time.
    Post(post::Post),
    /// Work off what is planned, without a window.
    Run(run::Run),
    /// List posts.
    List(list::List),
    /// Show one post with its history.
    Show(show::Show),
    /// List what missed its time, or decide about it.
    Missed(missed::Missed),
    /// Try a publication again.
    Retry(publication::Retry),
    /// Call a publication off while it is not public.
    Cancel(publication::Cancel),
    /// Hold a publication back, or everything.
    Pause(transfers::Pause),
    /// Let what is paused go on where it was.
    Resume(transfers::Resume),
    /// Send a publication before the others that wait.
    First(transfers::First),
    /// Show or change how many transfers run at once, and how fast.
    Transfers(transfers::Transfers),
    /// Say whether a post is there, when only a person can tell.
    Answer(publication::Answer),
    /// Accounts: list, connect, disconnect, developer keys.
    #[command(subcommand)]
    Accounts(accounts::Accounts),
    /// Whether everything Daypart depends on is in order.
    Health(health::Health),
    /// Everything that happened to a publication, to read, to filter and to pass on.
    Log(log::Log),
    /// What Daypart keeps on the disk; clean it up.
    Storage(storage::Storage),
    /// Write readable texts about this Daypart into a folder, to be read and sent with a question.
    Diagnostics(diagnostics::Diagnostics),
    /// Run the practice platforms by themselves.
    Simulator(simulator::Simulator),
    /// Time Daypart's own work on a file, for `cargo xtask bench`.
    #[command(hide = true, subcommand)]
    MeasureMedia(measure_media::MeasureMedia),
}

pub async fn run(command: Command) -> Result<ExitCode, Problem> {
    match command {
        Command::Add(add) => add.run().await,
        Command::Probe(probe) => probe.run().await,
        Command::Check(check) => check.run().await,
        Command::Plan(plan) => plan.run().await,
        Command::Convert(convert) => convert.run().await,
        Command::Filmstrip(filmstrip) => filmstrip.run().await,
        Command::Cover(cover) => cover.run().await,
        Command::Post(post) => post.run().await,
        Command::Run(run) => run.run().await,
        Command::List(list) => list.run().await,
        Command::Show(show) => show.run().await,
        Command::Missed(missed) => missed.run().await,
        Command::Retry(retry) => retry.run().await,
        Command::Cancel(cancel) => cancel.run().await,
        Command::Pause(pause) => pause.run().await,
        Command::Resume(resume) => resume.run().await,
        Command::First(first) => first.run().await,
        Command::Transfers(transfers) => transfers.run().await,
        Command::Answer(answer) => answer.run().await,
        Command::Accounts(accounts) => accounts.run().await,
        Command::Health(health) => health.run().await,
        Command::Log(log) => log.run().await,
        Command::Storage(storage) => storage.run().await,
        Command::Diagnostics(diagnostics) => diagnostics.run().await,
        Command::Simulator(simulator) => simulator.run().await,
        Command::MeasureMedia(measure) => measure.run().await,
    }
}
