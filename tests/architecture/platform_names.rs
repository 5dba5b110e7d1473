//! The core asks what a platform can do, never which one it is.

use crate::sources::{Source, all};

const NAMES: &[&str] = &["tiktok", "youtube"];

/// Where a platform may be called by its name: its adapter, its emulator, its tables of limits, the registry, and
/// what is drawn for it.
const AT_HOME: &[&str] = &[
    "src-tauri/crates/platforms/",
    "src-tauri/crates/simulator/",
    "src-tauri/crates/domain/src/delivery_specs/",
    "src-tauri/crates/app/src/registry",
    "ui/src/lib/ipc/fake",
    "xtask/src/commands/demo",
    "xtask/src/commands/bench",
];

fn violations(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| !source.is_test() && !source.is_generated())
    {
        if AT_HOME.iter().any(|place| source.path.starts_with(place)) {
            continue;
        }
        for (number, line) in source.code_lines() {
            if let Some(name) = NAMES.iter().find(|name| is_literal_in(line, name)) {
                found.push(format!("{}:{number}: asks for {name} by name", source.path));
            }
        }
    }
    found
}

/// A string that is the name and nothing else, in any quotes and either spelling.
fn is_literal_in(line: &str, name: &str) -> bool {
    let line = line.to_lowercase();
    ['"', '\'', '`']
        .iter()
        .any(|quote| line.contains(&format!("{quote}{name}{quote}")))
}

#[test]
fn nobody_asks_for_a_platform_by_name() {
    assert_eq!(violations(&all()), [""; 0]);
}

#[test]
fn a_platform_asked_for_by_name_is_caught() {
    let check = |path: &str, line: &str, sentence: &str| {
        assert_eq!(violations(&[Source::of(path, line)]), [sentence]);
    };
    let engine = "src-tauri/crates/engine/src/upload.rs";
    check(
        engine,
        r#"if platform.as_str() == "tiktok" {"#,
        &format!("{engine}:1: asks for tiktok by name"),
    );
    let view = "ui/src/lib/features/Composer.svelte";
    check(
        view,
        "{#if platform === 'youtube'}",
        &format!("{view}:1: asks for youtube by name"),
    );
}

#[test]
fn adapters_and_prose_may_name_it() {
    let sources = [
        Source::of(
            "src-tauri/crates/platforms/src/tiktok/mod.rs",
            r#"PlatformId::from_static("tiktok")"#,
        ),
        Source::of(
            "src-tauri/crates/engine/src/lib.rs",
            r#"// "tiktok" gives no id for private posts"#,
        ),
        Source::of(
            "src-tauri/crates/cli/src/main.rs",
            r#""e.g. daypart post a.mp4 --to practice-youtube""#,
        ),
    ];
    assert_eq!(violations(&sources), [""; 0]);
}
