//! A file that no longer fits in a head.

use crate::sources::{Source, all};

const LINES_MAX: usize = 600;

fn violations(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| !source.is_generated())
        .map(|source| (source.text.lines().count(), source))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, source)| format!("{} has {lines} lines", source.path))
        .collect()
}

#[test]
fn our_files_fit_in_a_head() {
    assert_eq!(violations(&all()), [""; 0]);
}

#[test]
fn a_long_file_is_caught() {
    let long = Source::of("a.rs", &"line\n".repeat(601));
    assert_eq!(violations(&[long]), ["a.rs has 601 lines"]);
}
