//! `cargo xtask bench`: what Daypart promises, in figures. Release build, one run, target/bench/GROUP.json.

mod lateness;
mod machine;
mod memory;
mod probe;
mod reel;
mod remux;
mod rules;
mod scenes;
mod sound;
mod start;
mod strip;
mod timed;
mod transcode;
mod trim;
mod upload;
mod window;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::{
    arguments::BenchOptions,
    call::Call,
    daypart::Stage,
    setup::{self, packages::Purpose},
    workspace,
};

/// One figure.
pub struct Figure {
    pub name: String,
    pub ours: f64,
    /// What it is compared with, where there is something.
    pub reference: Option<f64>,
    pub unit: &'static str,
    /// What was run, in words that can be followed.
    pub command: String,
}

impl Figure {
    fn as_json(&self) -> Value {
        let ratio = self.reference.map(|reference| rounded(self.ours / reference));
        json!({
            "name": self.name, "ours": rounded(self.ours), "reference": self.reference.map(rounded), "ratio": ratio,
            "unit": self.unit, "command": self.command,
        })
    }
}

type Measure = fn(&Path) -> Result<Vec<Figure>>;

const GROUPS: &[(&str, Measure)] = &[
    ("upload", upload::measure),
    ("memory", memory::measure),
    ("lateness", lateness::measure),
    ("start", start::measure),
    ("window", window::measure),
    ("probe", probe::measure),
    ("strip", strip::measure),
    ("sound", sound::measure),
    ("scenes", scenes::measure),
    ("remux", remux::measure),
    ("rules", rules::measure),
    ("trim", trim::measure),
    ("transcode", transcode::measure),
];

/// Names a `daypart` that is measured instead of one that is built for it: to try a measurement out.
const BINARY: &str = "DAYPART_BINARY";

/// Measures the groups one after another and goes on when one fails.
///
/// # Errors
/// When set-up or build fails, or a group is unknown.
pub fn bench(options: &BenchOptions) -> Result<ExitCode> {
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| GROUPS.iter().all(|(group, _)| group != name))
    {
        let known: Vec<_> = GROUPS.iter().map(|(group, _)| *group).collect();
        bail!("there is no group {unknown:?}; there are {}", known.join(", "));
    }
    let groups: Vec<_> = GROUPS
        .iter()
        .filter(|(name, _)| options.only.is_empty() || options.only.iter().any(|o| o == name))
        .collect();
    setup::system::ensure(&[Purpose::Run, Purpose::Test], options.setup)?;
    if groups.iter().any(|(name, _)| *name == "window") {
        setup::node::ensure("ui")?;
        Call::line("npm run build").within("ui").run()?;
        Call::line("cargo build --release --package daypart --package daypart-cli").run()?;
    } else if std::env::var_os(BINARY).is_none() {
        Call::line("cargo build --release --package daypart-cli").run()?;
    }
    let folder = workspace::target().join("bench");
    fs::create_dir_all(&folder)?;
    println!("\n{}\n", machine::described());
    if [BINARY, reel::LENGTH]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        println!(
            "measuring {} on a reel of {} s: figures to try out, not to publish\n",
            program().display(),
            reel::seconds()
        );
    }
    let mut failed = false;
    for (name, measure) in groups {
        println!("{name} (load {})", machine::load());
        match measure(&folder.join("stage")) {
            Ok(figures) => {
                let rows: Vec<_> = figures.iter().map(Figure::as_json).collect();
                for row in &rows {
                    println!(
                        "  {:<62} {:>10} {:<5} {}",
                        text(&row["name"]),
                        row["ours"],
                        text(&row["unit"]),
                        compared(row)
                    );
                }
                fs::write(
                    folder.join(format!("{name}.json")),
                    serde_json::to_string_pretty(&rows)? + "\n",
                )?;
            }
            Err(error) => {
                failed = true;
                eprintln!("  not measured: {error:#}");
            }
        }
        let _ = fs::remove_dir_all(folder.join("stage"));
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn compared(row: &Value) -> String {
    if row["ratio"].is_null() {
        String::new()
    } else {
        format!("(reference {}, ratio {})", row["reference"], row["ratio"])
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Three digits behind the point are more than any of this is worth.
fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}

/// The middle of an odd number of measurements.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The `daypart` that is measured.
fn program() -> PathBuf {
    std::env::var_os(BINARY).map_or_else(|| workspace::built("release", "daypart"), PathBuf::from)
}

/// A stage with the released program and both practice accounts connected.
fn stage(folder: &Path) -> Result<Stage> {
    let stage = Stage::open(program(), folder)?;
    for account in ["practice-tiktok", "practice-youtube"] {
        stage.connect(account, crate::consent::allow)?;
    }
    Ok(stage)
}

const YOUTUBE_OPTIONS: [&str; 4] = [
    "--option",
    "practice-youtube.visibility=public",
    "--option",
    "practice-youtube.made_for_kids=no",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_without_a_reference_has_no_ratio() {
        let mut figure = Figure {
            name: "n".into(),
            ours: 2.0,
            reference: Some(4.0),
            unit: "s",
            command: "c".into(),
        };
        assert_eq!(figure.as_json()["ratio"], 0.5);
        figure.reference = None;
        assert!(figure.as_json()["ratio"].is_null());
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert!((median(vec![9.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
