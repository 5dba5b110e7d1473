//! The log file. Only our own crates write to it, and they write no secrets.

use std::{fs::OpenOptions, path::Path, sync::Mutex};

use daypart_domain::problem::{ErrorCode, Problem};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// Crates of other people log addresses and headers; they stay silent below errors.
const DEFAULT_FILTER: &str = "error,daypart=info,daypart_app=info,daypart_engine=info,daypart_store=info,\
    daypart_media=info,daypart_platforms=info,daypart_vault=info,daypart_host=info,daypart_simulator=info,daypart_desktop=info";

/// A log file larger than this is put aside at the next start; the one put aside before is removed.
const LOG_BYTES_MAX: u64 = 10_000_000;

/// Best effort: a log that cannot be put aside goes on growing.
fn make_room(folder: &Path) {
    let file = folder.join("daypart.log");
    let is_large = std::fs::metadata(&file).is_ok_and(|metadata| metadata.len() > LOG_BYTES_MAX);
    if is_large && let Err(error) = std::fs::rename(&file, folder.join("daypart.log.1")) {
        eprintln!("the log could not be put aside: {error}");
    }
}

/// Starts logging to `logs/daypart.log` in the data folder, one JSON object per line. `DAYPART_LOG` overrides the filter
/// for our own crates' levels. Call once per process; a second call is an error of ours and is ignored.
///
/// # Errors
/// `log.unwritable` when the file cannot be opened; the app runs without a log then.
pub fn start_log(data_dir: &Path) -> Result<(), Problem> {
    let folder = data_dir.join("logs");
    let unwritable = |error: std::io::Error| {
        Problem::transient(
            ErrorCode::new("log.unwritable"),
            "The log file cannot be written.",
        )
        .caused_by(&error)
    };
    std::fs::create_dir_all(&folder).map_err(unwritable)?;
    make_room(&folder);
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("daypart.log"))
        .map_err(unwritable)?;
    let filter = std::env::var("DAYPART_LOG")
        .ok()
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(Mutex::new(file));
    if tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .is_err()
    {
        tracing::debug!("logging was started before");
    }
    Ok(())
}
