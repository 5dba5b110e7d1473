//! Who may import whom. What is not listed is forbidden.

use crate::graph::Graph;

const CORE: &[&str] = &[
    "domain",
    "ports",
    "store",
    "media",
    "platforms",
    "vault",
    "host",
    "engine",
    "ipc",
    "simulator",
];

/// A crate of ours and the crates of ours that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("store", &["ports", "domain"]),
    ("media", &["ports", "domain"]),
    ("platforms", &["ports", "domain"]),
    ("vault", &["ports", "domain"]),
    ("host", &["ports", "domain"]),
    ("engine", &["ports", "domain"]),
    ("ipc", &["domain"]),
    // If emulator and adapter shared code, they would share the misunderstanding.
    ("simulator", &[]),
    // The composition root shared by window and terminal.
    ("app", CORE),
    ("cli", &["app", "engine", "ipc", "ports", "domain"]),
    ("shell", &["app", "engine", "ipc", "ports", "domain"]),
    ("xtask", &[]),
    (
        "tests",
        &[
            "domain",
            "ports",
            "store",
            "media",
            "platforms",
            "vault",
            "host",
            "engine",
            "app",
            "ipc",
            "simulator",
            "cli",
        ],
    ),
];

/// What a crate's tests may import besides: the conformance cases of the ports, and the emulators to run them against.
const TESTS_MAY_IMPORT: &[&str] = &["ports", "domain", "simulator"];

/// Crates that may be named by nobody else than these.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("tauri", &["shell"]),
    ("tauri-build", &["shell"]),
    ("sqlx", &["store"]),
    ("keyring", &["vault"]),
    ("keyring-core", &["vault"]),
    ("ffmpeg-sidecar", &["media"]),
    ("oauth2", &["platforms"]),
    ("ts-rs", &["ipc"]),
    ("axum", &["simulator", "app", "shell", "host"]),
];

/// Every forbidden arrow, as a sentence.
pub fn violations(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    let is_ours = |name: &str| graph.ours.contains_key(name);
    for (name, imports) in &graph.ours {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(listed, _)| listed == name) else {
            found.push(format!("{name} is not in the table of arrows"));
            continue;
        };
        for import in imports {
            if is_ours(import) && !allowed.contains(&import.as_str()) {
                found.push(format!("{name} imports {import}"));
            }
            if let Some((_, only)) = ONLY_IN.iter().find(|(guarded, _)| guarded == import)
                && !only.contains(&name.as_str())
            {
                found.push(format!(
                    "{name} imports {import}, which belongs to {}",
                    only.join(", ")
                ));
            }
            if import.starts_with("tauri-plugin") && name != "shell" {
                found.push(format!("{name} imports {import}, which belongs to shell"));
            }
        }
    }
    for (name, imports) in &graph.for_tests {
        for import in imports.iter().filter(|import| is_ours(import)) {
            let same = import == name;
            let allowed = MAY_IMPORT
                .iter()
                .any(|(listed, may)| listed == name && may.contains(&import.as_str()));
            let emulated_by_itself = name == "simulator";
            if !same && !allowed && (emulated_by_itself || !TESTS_MAY_IMPORT.contains(&import.as_str())) {
                found.push(format!("the tests of {name} import {import}"));
            }
        }
    }
    found
}

#[test]
fn our_crates_keep_the_arrows() {
    assert_eq!(violations(&Graph::of_this_workspace()), [""; 0]);
}

#[test]
fn the_table_names_only_crates_that_exist() {
    let graph = Graph::of_this_workspace();
    let missing: Vec<_> = MAY_IMPORT
        .iter()
        .filter(|(name, _)| !graph.ours.contains_key(*name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_forbidden_arrow_is_caught() {
    let check = |crates: &[(&str, &[&str])], sentence: &str| {
        assert_eq!(violations(&Graph::of(crates)), [sentence]);
    };
    check(
        &[("store", &["domain", "media"]), ("domain", &[]), ("media", &[])],
        "store imports media",
    );
    check(&[("engine", &["store"]), ("store", &[])], "engine imports store");
    check(
        &[("simulator", &["domain"]), ("domain", &[])],
        "simulator imports domain",
    );
    check(&[("tests", &["shell"]), ("shell", &[])], "tests imports shell");
    check(
        &[("engine", &["tauri"])],
        "engine imports tauri, which belongs to shell",
    );
    check(
        &[("cli", &["tauri-plugin-dialog"])],
        "cli imports tauri-plugin-dialog, which belongs to shell",
    );
    check(&[("newcomer", &[])], "newcomer is not in the table of arrows");
}

#[test]
fn a_simulator_whose_tests_know_the_adapters_is_caught() {
    let mut graph = Graph::of(&[("simulator", &[]), ("platforms", &[])]);
    graph
        .for_tests
        .insert("simulator".to_owned(), ["platforms".to_owned()].into());
    assert_eq!(violations(&graph), ["the tests of simulator import platforms"]);
}
