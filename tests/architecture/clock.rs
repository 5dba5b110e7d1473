//! Time comes in as a value. Only the edges read the wall clock.

use crate::sources::{Source, all};

/// The port's implementation, the emulators with their own virtual clock, the window, and the developer's entrance.
const EDGES: &[&str] = &[
    "src-tauri/crates/host/src/clock.rs",
    "src-tauri/crates/simulator/src/",
    "src-tauri/src/",
    "xtask/src/",
];
const READINGS: &[&str] = &["Timestamp::now(", "Zoned::now(", "SystemTime::now("];

fn violations(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let at_edge = EDGES.iter().any(|edge| source.path.starts_with(edge));
        if at_edge || source.is_test() || !source.path.ends_with(".rs") {
            continue;
        }
        for (number, line) in source.code_lines() {
            if READINGS.iter().any(|reading| line.contains(reading)) {
                found.push(format!("{}:{number} reads the wall clock", source.path));
            }
        }
    }
    found
}

#[test]
fn only_the_edges_read_the_wall_clock() {
    assert_eq!(violations(&all()), [""; 0]);
}

#[test]
fn a_step_that_reads_the_clock_is_caught() {
    let step = "src-tauri/crates/engine/src/steps/publish.rs";
    let sources = [Source::of(step, "let now = jiff::Timestamp::now();")];
    assert_eq!(violations(&sources), [format!("{step}:1 reads the wall clock")]);
    assert_eq!(
        violations(&[Source::of(
            "src-tauri/crates/host/src/clock.rs",
            "Timestamp::now()"
        )]),
        [""; 0]
    );
}
