//! The graph of crates, read from `cargo metadata`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;

/// Crates and what they import. Names are package names; ours have lost the prefix `daypart-`, and the root package
/// is called `shell`.
#[derive(Default)]
pub struct Graph {
    /// Normal and build dependencies of our packages, as declared.
    pub ours: BTreeMap<String, BTreeSet<String>>,
    /// Development dependencies of our packages, as declared.
    pub for_tests: BTreeMap<String, BTreeSet<String>>,
    /// Normal dependencies of every package, as resolved.
    pub all: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// A made-up graph for proving that a rule can fail: `("store", &["domain", "sqlx"])`.
    pub fn of(crates: &[(&str, &[&str])]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let edges: BTreeMap<String, BTreeSet<String>> = crates
            .iter()
            .map(|(name, imports)| ((*name).to_owned(), owned(imports)))
            .collect();
        Self {
            ours: edges.clone(),
            for_tests: BTreeMap::new(),
            all: edges,
        }
    }

    /// This workspace, for the computer the tests run on.
    pub fn of_this_workspace() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let rustc = run(&root, "rustc", &["-vV"]);
        let target = rustc
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        // Not --offline: a single tested package leaves the others' sources unfetched.
        let metadata = run(
            &root,
            &cargo,
            &[
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                target,
            ],
        );
        Self::read(&serde_json::from_str(&metadata).unwrap())
    }

    fn read(metadata: &Value) -> Self {
        let members: BTreeSet<&str> = list(&metadata["workspace_members"])
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut graph = Self::default();
        let mut names: BTreeMap<&str, String> = BTreeMap::new();
        for package in list(&metadata["packages"]) {
            let id = text(&package["id"]);
            let name = short_name(text(&package["name"]));
            names.insert(id, name.clone());
            if !members.contains(id) {
                continue;
            }
            for dependency in list(&package["dependencies"]) {
                let side = if dependency["kind"] == "dev" {
                    &mut graph.for_tests
                } else {
                    &mut graph.ours
                };
                side.entry(name.clone())
                    .or_default()
                    .insert(short_name(text(&dependency["name"])));
            }
            graph.ours.entry(name).or_default();
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let imports = list(&node["deps"])
                .iter()
                .filter(|edge| list(&edge["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()))
                .map(|edge| names[text(&edge["pkg"])].clone())
                .collect();
            graph.all.insert(names[text(&node["id"])].clone(), imports);
        }
        graph
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn short_name(package: &str) -> String {
    match package {
        "daypart" => "shell".to_owned(),
        _ => package.strip_prefix("daypart-").unwrap_or(package).to_owned(),
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
