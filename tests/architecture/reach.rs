//! What the inner crates must not reach, not even through others: no window, no network, no database.

use std::collections::BTreeSet;

use crate::graph::Graph;

const INNER: &[&str] = &["domain", "ports", "engine", "ipc"];
const OUTSIDE: &[&str] = &[
    "tauri",
    "reqwest",
    "hyper",
    "sqlx",
    "keyring",
    "keyring-core",
    "ffmpeg-sidecar",
    "axum",
];

/// Every way from an inner crate to an outside one, as `engine → a → reqwest`.
pub fn violations(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for inner in INNER {
        let mut seen = BTreeSet::new();
        let mut open = vec![vec![*inner]];
        while let Some(way) = open.pop() {
            let here = way[way.len() - 1];
            if OUTSIDE.contains(&here) {
                found.push(way.join(" → "));
                continue;
            }
            for next in graph.all.get(here).into_iter().flatten() {
                if seen.insert(next.as_str()) {
                    open.push(way.iter().copied().chain([next.as_str()]).collect());
                }
            }
        }
    }
    found
}

#[test]
fn the_inner_crates_reach_no_window_network_or_database() {
    let graph = Graph::of_this_workspace();
    assert!(
        graph.all["engine"].contains("ports"),
        "the resolved graph is not empty"
    );
    assert_eq!(violations(&graph), [""; 0]);
}

#[test]
fn the_outer_crates_do_reach_them_so_the_search_works() {
    let mut graph = Graph::of_this_workspace();
    let platforms = graph.all["platforms"].clone();
    graph.all.insert("engine".to_owned(), platforms);
    assert!(violations(&graph).iter().any(|way| way.ends_with("reqwest")));
}

#[test]
fn a_detour_is_caught() {
    let graph = Graph::of(&[
        ("engine", &["helpful"]),
        ("helpful", &["reqwest"]),
        ("domain", &[]),
    ]);
    assert_eq!(violations(&graph), ["engine → helpful → reqwest"]);
}
