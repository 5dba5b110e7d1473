//! `cargo xtask demo`: Daypart's main job in a terminal, on practice platforms, from nothing to the receipts.

mod receipts;

use std::{
    io::{BufRead, IsTerminal},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result, bail};

use crate::{
    arguments::DemoOptions,
    call::Call,
    clips, consent,
    daypart::Stage,
    setup::{self},
    utc, workspace,
};

const TIKTOK: &str = "practice-tiktok";
const YOUTUBE: &str = "practice-youtube";

/// Sets up what the terminal program needs, connects both practice accounts, posts one clip to both at the same
/// second, and prints what came back.
///
/// # Errors
/// When set-up, build or any part of the job fails.
pub fn demo(options: &DemoOptions) -> Result<ExitCode> {
    setup::system::ensure(&[], options.setup)?;
    Call::line("cargo build --package daypart-cli").run()?;
    let folder = workspace::target().join("demo");
    let stage = Stage::open(workspace::built("debug", "daypart"), &folder)?;
    println!(
        "\nThe practice platforms run at {} (open it to watch).",
        stage.practice_url
    );

    for account in [TIKTOK, YOUTUBE] {
        println!("{}", stage.connect(account, consent::allow)?);
    }

    let generated = folder.join("demo.mp4");
    let clip = match &options.clip {
        Some(clip) => clip.as_path(),
        None => {
            clips::vertical(&generated, clips::Size::FullHd, 8)?;
            &generated
        }
    };
    let clip = clip
        .canonicalize()
        .with_context(|| format!("cannot read {}", clip.display()))?;
    print!(
        "\n{}",
        String::from_utf8_lossy(
            &stage
                .daypart(&["probe", &clip.display().to_string()])
                .output()?
                .stdout
        )
    );

    let due = SystemTime::now() + Duration::from_secs(options.in_seconds.into());
    println!("\nDue at {} UTC on both:", utc::civil(due));
    post(&stage, &clip, due)?;

    let posts = read_back(&stage)?;
    println!("\n{}", receipts::table(&posts));
    let received = stage.control("ledger", None)?;
    let received = received.as_array().map_or(0, Vec::len);
    println!("The platforms' own ledgers hold {received} posts.");
    if !receipts::complete(&posts) || received != 2 {
        bail!("not every destination has a receipt with a link");
    }
    keep_open()?;
    Ok(ExitCode::SUCCESS)
}

fn post(stage: &Stage, clip: &Path, due: SystemTime) -> Result<()> {
    let clip = clip.display().to_string();
    let at = utc::civil(due);
    let words = [
        "post",
        &clip,
        "--to",
        TIKTOK,
        "--to",
        YOUTUBE,
        "--caption",
        "Hello from cargo xtask demo",
        "--option",
        "practice-tiktok.privacy_level=PUBLIC_TO_EVERYONE",
        "--option",
        "practice-youtube.visibility=public",
        "--option",
        "practice-youtube.made_for_kids=no",
        "--at",
        &at,
        "--zone",
        "UTC",
    ];
    // Its stderr tells every move as it happens; the last lines on stdout are repeated by our table.
    let ended = stage
        .daypart(&words)
        .stdout(std::process::Stdio::null())
        .status()?;
    if !ended.success() {
        bail!("`daypart post` failed ({ended})");
    }
    Ok(())
}

/// TikTok names a post's link only a moment after it is published; each look at the list lets that reading happen.
fn read_back(stage: &Stage) -> Result<serde_json::Value> {
    let deadline = Instant::now() + Duration::from_secs(30);
    stage.wait_for("public", 2, Duration::from_secs(30))?;
    loop {
        let posts = stage.ask(&["list", "--json"])?;
        if receipts::complete(&posts) || Instant::now() > deadline {
            return Ok(posts);
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// The links lead to the simulator, which ends with us.
fn keep_open() -> Result<()> {
    if std::io::stdin().is_terminal() && std::env::var_os("CI").is_none() {
        println!("The links work until you press Enter.");
        std::io::stdin().lock().read_line(&mut String::new())?;
    }
    Ok(())
}
