//! The steps of `cargo xtask test` and `check`: each is a command that can be pasted into a terminal.

use std::{
    fmt,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{call::Call, counts::Counts};

/// One command of a run.
pub struct Step {
    /// For `--only`.
    pub name: &'static str,
    pub call: Call,
    /// Steps that have to be done before.
    pub needs: &'static [&'static str],
}

impl Step {
    pub fn new(name: &'static str, needs: &'static [&'static str], call: Call) -> Self {
        Self { name, call, needs }
    }
}

/// How a step ended.
enum Outcome {
    Passed(Counts),
    Failed(Counts),
    /// One that it needs had failed.
    NotRun {
        needed: &'static str,
    },
}

struct Report {
    name: &'static str,
    command: String,
    took: Duration,
    outcome: Outcome,
}

/// Leaves the named steps and those they need, in the given order.
///
/// # Errors
/// When a name is unknown.
pub fn select(steps: Vec<Step>, only: &[String]) -> Result<Vec<Step>> {
    if only.is_empty() {
        return Ok(steps);
    }
    if let Some(unknown) = only
        .iter()
        .find(|name| steps.iter().all(|step| step.name != name.as_str()))
    {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; there are {}", known.join(", "));
    }
    let mut wanted: Vec<&str> = only.iter().map(String::as_str).collect();
    // Needs stand before what needs them, so one pass from the end finds them all.
    for step in steps.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
    Ok(steps
        .into_iter()
        .filter(|step| wanted.iter().any(|name| name == step.name))
        .collect())
}

/// Runs the steps in order, goes on after a failure, prints a summary whose last line is `N passed, N failed`.
pub fn run_all(steps: &[Step]) -> ExitCode {
    let started = Instant::now();
    let mut reports: Vec<Report> = Vec::new();
    for (position, step) in steps.iter().enumerate() {
        println!(
            "\n=== {}/{} {}: {}",
            position + 1,
            steps.len(),
            step.name,
            step.call
        );
        let began = Instant::now();
        let broken = step.needs.iter().find(|needed| {
            reports
                .iter()
                .any(|report| report.name == **needed && !matches!(report.outcome, Outcome::Passed(_)))
        });
        let outcome = match broken {
            Some(needed) => Outcome::NotRun { needed },
            None => run_one(step),
        };
        let report = Report {
            name: step.name,
            command: step.call.to_string(),
            took: began.elapsed(),
            outcome,
        };
        println!("--- {report}");
        reports.push(report);
    }
    summarize(&reports, started.elapsed())
}

fn run_one(step: &Step) -> Outcome {
    match step.call.run_and_listen() {
        Ok((true, printed)) => Outcome::Passed(Counts::read(&printed).or_one_passed()),
        Ok((false, printed)) => Outcome::Failed(Counts::read(&printed).or_one_failed()),
        Err(error) => {
            eprintln!("{error:#}");
            Outcome::Failed(Counts::default().or_one_failed())
        }
    }
}

fn summarize(reports: &[Report], took: Duration) -> ExitCode {
    println!("\n=== Summary");
    for report in reports {
        println!("{report}");
    }
    let total = reports
        .iter()
        .fold(Counts::default(), |sum, report| sum + report.counts());
    println!("{} in {}", plural(reports.len(), "step"), shown(took));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

impl Report {
    fn counts(&self) -> Counts {
        match self.outcome {
            Outcome::Passed(counts) | Outcome::Failed(counts) => counts,
            Outcome::NotRun { .. } => Counts { passed: 0, failed: 1 },
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, told) = match &self.outcome {
            Outcome::Passed(counts) => ("ok", counts.to_string()),
            Outcome::Failed(counts) => ("FAILED", counts.to_string()),
            Outcome::NotRun { needed } => ("NOT RUN", format!("{needed} had failed")),
        };
        write!(
            f,
            "{word:<8}{:<14}{:>8}  {:<22}  {}",
            self.name,
            shown(self.took),
            told,
            self.command
        )
    }
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Vec<Step> {
        let call = || Call::line("true");
        vec![
            Step::new("ui-build", &[], call()),
            Step::new("build", &["ui-build"], call()),
            Step::new("rust", &["build"], call()),
            Step::new("ui", &[], call()),
        ]
    }

    #[test]
    fn a_selected_step_brings_what_it_needs() {
        let names: Vec<_> = select(steps(), &["rust".to_owned()])
            .into_iter()
            .flatten()
            .map(|s| s.name)
            .collect();
        assert_eq!(names, ["ui-build", "build", "rust"]);
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_names_that_exist() {
        let error = select(steps(), &["rost".to_owned()])
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(error.contains("rost") && error.contains("ui-build"), "{error}");
    }

    #[test]
    fn one_failing_step_fails_the_run_and_what_needs_it_does_not_run() {
        let steps = vec![
            Step::new("build", &[], Call::line("false")),
            Step::new(
                "rust",
                &["build"],
                Call::new("bash", ["-c", "echo must not run >&2; exit 1"]),
            ),
            Step::new("ui", &[], Call::line("true")),
        ];
        assert_eq!(
            format!("{:?}", run_all(&steps)),
            format!("{:?}", ExitCode::FAILURE)
        );
    }

    #[test]
    fn times_are_shown_in_minutes_from_one_minute_on() {
        assert_eq!(shown(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(shown(Duration::from_secs(125)), "2 m 05 s");
    }
}
