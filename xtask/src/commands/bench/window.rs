//! The window: how soon it is painted, what it costs open, what it costs closed to the tray.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::Figure;
use crate::{call::Call, workspace};

/// Runs `xtask/bench/window.py` on a desktop of its own, as the window test does.
///
/// # Errors
/// When the window cannot be measured.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let mut call = Call::new(
        "dbus-run-session",
        ["--", "/usr/bin/python3", "xtask/bench/window.py"],
    );
    let home = folder.join("home");
    for (name, place) in [
        ("HOME", ""),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        let place = home.join(place);
        fs::create_dir_all(&place)?;
        call = call.env(name, place);
    }
    private(&home.join("run"))?;
    let out = folder.join("window.json");
    call.env(
        "DAYPART_DESKTOP_BIN",
        workspace::built("release", "daypart-desktop"),
    )
    .env("DAYPART_BENCH_OUT", &out)
    .env("DAYPART_BENCH_FOLDER", &home)
    .env("GDK_BACKEND", "x11")
    .env("NO_AT_BRIDGE", "1")
    .env("LANG", "C.UTF-8")
    .env("WAYLAND_DISPLAY", "")
    .run()?;
    let rows: Value = serde_json::from_str(&fs::read_to_string(out)?)?;
    rows.as_array()
        .context("no figures")?
        .iter()
        .map(figure)
        .collect()
}

fn figure(row: &Value) -> Result<Figure> {
    Ok(Figure {
        name: row["name"].as_str().context("a name")?.to_owned(),
        ours: row["ours"].as_f64().context("a figure")?,
        reference: row["reference"].as_f64(),
        unit: if row["unit"] == "MB" { "MB" } else { "ms" },
        command: row["command"].as_str().context("a command")?.to_owned(),
    })
}

fn private(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    let _ = folder;
    Ok(())
}
