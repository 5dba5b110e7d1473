//! Lateness of publications that are due at the same second: one, 200 and 2,000 of them.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, bail};
use serde_json::json;

use super::{Figure, YOUTUBE_OPTIONS, stage};
use crate::{clips, utc};

/// How many are due together, and how long before that their planning begins: under a quarter of an hour, so that no
/// platform is given the time to hold.
const ROUNDS: [(usize, Duration); 3] = [
    (1, Duration::from_secs(20)),
    (200, Duration::from_secs(90)),
    (2_000, Duration::from_secs(840)),
];

/// # Errors
/// When planning takes too long, or not exactly as many posts arrive as were planned.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (count, ahead) in ROUNDS {
        figures.extend(round(folder, count, ahead)?);
    }
    Ok(figures)
}

/// Plans all of them, two to a post, while the owner runs, then asks the platforms when they had the last byte of each.
fn round(folder: &Path, count: usize, ahead: Duration) -> Result<Vec<Figure>> {
    let stage = stage(folder)?;
    // Without the emulators' own look at each file: 200 of them at once would be what is measured.
    let no_limits = json!({
        "tiktok": {"probe": false, "daily_post_cap": 10_000, "pending_share_cap": 10_000, "init_per_min": 10_000, "status_per_min": 10_000,
                   "creator_info_per_min": 10_000},
        "youtube": {"probe": false, "units_per_day": 10_000_000, "uploads_per_day": 10_000},
    });
    stage.control("settings", Some(&no_limits))?;
    let file = folder.join("clip.mp4");
    clips::vertical(&file, clips::Size::Small, 4)?;
    let file = file.display().to_string();
    let _owner = stage.owner()?;
    let due_s = (SystemTime::now() + ahead).duration_since(UNIX_EPOCH)?.as_secs();
    let due = UNIX_EPOCH + Duration::from_secs(due_s);
    let at = utc::civil(due);
    for number in 0..count.div_ceil(2) {
        let caption = format!("number {number}");
        let mut words = vec!["post", &file, "--to", "practice-youtube", "--caption", &caption];
        words.extend(YOUTUBE_OPTIONS);
        if count > 1 {
            words.extend(["--to", "practice-tiktok"]);
            words.extend(["--option", "practice-tiktok.privacy_level=PUBLIC_TO_EVERYONE"]);
        }
        words.extend(["--at", &at, "--zone", "UTC", "--detach"]);
        let planned = stage.daypart(&words).stdout(Stdio::null()).output()?;
        if !planned.status.success() {
            bail!("{}", String::from_utf8_lossy(&planned.stderr));
        }
    }
    if SystemTime::now() + Duration::from_secs(15) > due {
        bail!(
            "planning took longer than {} seconds: this computer is too busy for this measurement",
            ahead.as_secs()
        );
    }
    stage.wait_for("upload_complete", count, ahead + Duration::from_secs(120))?;
    let ledger = stage.control("ledger", None)?;
    let mut lateness_ms: Vec<f64> = ledger
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["received_real_ms"].as_f64())
        .map(|received_ms| received_ms - due_s as f64 * 1000.0)
        .collect();
    if lateness_ms.len() != count {
        bail!("{} posts arrived instead of {count}", lateness_ms.len());
    }
    lateness_ms.sort_by(f64::total_cmp);
    let command = "daypart run; daypart post CLIP --to practice-tiktok --to practice-youtube --at T --detach; \
                   received_real_ms of the ledger minus T";
    let figure = |name: &str, place: usize| Figure {
        name: format!("lateness of {count} due at the same second, {name}"),
        ours: lateness_ms[place],
        reference: None,
        unit: "ms",
        command: command.to_owned(),
    };
    Ok(vec![
        figure("median", count / 2),
        figure("99 of 100", count * 99 / 100),
        figure("last", count - 1),
    ])
}
