//! Lateness of 200 publications that are due at the same second.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, bail};
use serde_json::json;

use super::{Figure, YOUTUBE_OPTIONS, stage};
use crate::{clips, utc};

/// Each goes to two accounts.
const POSTS: usize = 100;
const AHEAD: Duration = Duration::from_secs(90);

/// Plans all of them while the owner runs, then asks the platforms when they had the last byte of each.
///
/// # Errors
/// When planning takes too long, or not exactly 200 posts arrive.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let stage = stage(folder)?;
    // Without the emulators' own look at each file: 200 of them at once would be what is measured.
    let no_limits = json!({
        "tiktok": {"probe": false, "daily_post_cap": 1000, "pending_share_cap": 1000, "init_per_min": 10_000, "status_per_min": 10_000,
                   "creator_info_per_min": 10_000},
        "youtube": {"probe": false, "units_per_day": 10_000_000, "uploads_per_day": 10_000},
    });
    stage.control("settings", Some(&no_limits))?;
    let file = folder.join("clip.mp4");
    clips::vertical(&file, clips::Size::Small, 4)?;
    let file = file.display().to_string();
    let _owner = stage.owner()?;
    let due_s = (SystemTime::now() + AHEAD).duration_since(UNIX_EPOCH)?.as_secs();
    let due = UNIX_EPOCH + Duration::from_secs(due_s);
    let at = utc::civil(due);
    for number in 0..POSTS {
        let caption = format!("number {number}");
        let mut words = vec![
            "post",
            &file,
            "--to",
            "practice-tiktok",
            "--to",
            "practice-youtube",
            "--caption",
            &caption,
        ];
        words.extend(YOUTUBE_OPTIONS);
        words.extend(["--option", "practice-tiktok.privacy_level=PUBLIC_TO_EVERYONE"]);
        words.extend(["--at", &at, "--zone", "UTC", "--detach"]);
        let planned = stage.daypart(&words).stdout(Stdio::null()).output()?;
        if !planned.status.success() {
            bail!("{}", String::from_utf8_lossy(&planned.stderr));
        }
    }
    if SystemTime::now() + Duration::from_secs(15) > due {
        bail!(
            "planning took longer than {} seconds: this computer is too busy for this measurement",
            AHEAD.as_secs()
        );
    }
    stage.wait_for("upload_complete", 2 * POSTS, AHEAD + Duration::from_secs(120))?;
    let ledger = stage.control("ledger", None)?;
    let mut lateness_ms: Vec<f64> = ledger
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["received_real_ms"].as_f64())
        .map(|received_ms| received_ms - due_s as f64 * 1000.0)
        .collect();
    if lateness_ms.len() != 2 * POSTS {
        bail!("{} posts arrived instead of {}", lateness_ms.len(), 2 * POSTS);
    }
    lateness_ms.sort_by(f64::total_cmp);
    let command = "daypart run; 100 × daypart post CLIP --to practice-tiktok --to practice-youtube --at T --detach; \
                   received_real_ms of the ledger minus T";
    let figure = |name: &str, place: usize| Figure {
        name: format!("lateness of 200 publications due at the same second, {name}"),
        ours: lateness_ms[place],
        reference: None,
        unit: "ms",
        command: command.to_owned(),
    };
    Ok(vec![
        figure("first", 0),
        figure("median", POSTS),
        figure("95 of 100", 2 * POSTS * 95 / 100),
        figure("last", 2 * POSTS - 1),
    ])
}
