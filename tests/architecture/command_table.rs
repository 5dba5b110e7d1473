//! The window answers exactly the commands of the wire schema.

use std::collections::BTreeSet;

use crate::sources::{Source, all};

/// The functions marked as commands, and those that a line of attributes stands in between.
fn declared(sources: &[Source]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with("src-tauri/src/"))
    {
        let mut marked = false;
        for (_, line) in source.code_lines() {
            let line = line.trim();
            marked |= line.starts_with("#[tauri::command");
            if marked && let Some(name) = function_name(line) {
                names.insert(name.to_owned());
                marked = false;
            }
        }
    }
    names
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_header = before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || word == "async");
    is_header.then(|| after.split(['(', '<']).next()).flatten()
}

fn violations(declared: &BTreeSet<String>, table: &[&str]) -> Vec<String> {
    let listed: BTreeSet<String> = table.iter().map(|name| (*name).to_owned()).collect();
    let unanswered = listed
        .difference(declared)
        .map(|name| format!("{name} is answered by nobody"));
    let unlisted = declared
        .difference(&listed)
        .map(|name| format!("{name} is not in the table"));
    unanswered.chain(unlisted).collect()
}

#[test]
fn the_window_answers_the_commands_of_the_table() {
    let table = [
        daypart_ipc::COMMANDS,
        daypart_ipc::EDITOR_COMMANDS,
        daypart_ipc::TRANSFER_COMMANDS,
    ]
    .concat();
    assert_eq!(violations(&declared(&all()), &table), [""; 0]);
}

#[test]
fn a_missing_and_a_private_command_are_caught() {
    let sources = [Source::of(
        "src-tauri/src/commands/posts.rs",
        "#[tauri::command(async)]\n#[must_use]\npub async fn list_posts(app: State<'_, App>) {}\n\
         #[tauri::command]\nfn secret_door() {}\nfn not_a_command() {}\n",
    )];
    assert_eq!(
        violations(&declared(&sources), &["list_posts", "save_post"]),
        [
            "save_post is answered by nobody",
            "secret_door is not in the table"
        ]
    );
}
