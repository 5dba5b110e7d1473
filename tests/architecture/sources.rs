//! The source files of this project.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file's path from the top (with `/`) and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// A made-up file for proving that a rule can fail.
    pub fn of(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The lines before the file's own tests, numbered from one, without those that are comments.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| {
                !["//", "*", "/*", "<!--"]
                    .iter()
                    .any(|mark| line.trim_start().starts_with(mark))
            })
            .map(|(index, line)| (index + 1, line))
    }

    /// Made by `cargo xtask gen`.
    pub fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Test code: free to name platforms and to be long-winded.
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || ["_test.rs", "/tests.rs", ".test.ts", ".spec.ts"]
                .iter()
                .any(|end| self.path.ends_with(end))
    }
}

const NOT_OURS: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "gen",
    "test-results",
    "playwright-report",
    ".git",
];
const LANGUAGES: &[&str] = &["rs", "ts", "svelte", "py", "css"];

/// Every file of ours that is written in a programming language.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if entry.file_type().unwrap().is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    open.push(path);
                }
            } else if LANGUAGES.contains(&name.rsplit('.').next().unwrap_or_default()) {
                let from_top = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push(Source {
                    path: from_top,
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[test]
fn the_tree_is_really_read() {
    let paths: Vec<String> = all().into_iter().map(|source| source.path).collect();
    assert!(
        paths
            .iter()
            .any(|path| path == "src-tauri/crates/domain/src/lib.rs"),
        "{paths:?}"
    );
    assert!(paths.iter().all(|path| !path.contains("node_modules")));
}

#[test]
fn comments_and_own_tests_are_not_code() {
    let source = Source::of("a.rs", "//! doc\nlet a = 1;\n#[cfg(test)]\nmod tests {}\n");
    assert_eq!(source.code_lines().collect::<Vec<_>>(), [(2, "let a = 1;")]);
}
