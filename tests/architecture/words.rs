//! Words that say nothing. A type or file is named after what it is.

use crate::sources::{Source, all};

const BANNED: &[&str] = &[
    "task",
    "item",
    "manager",
    "helper",
    "util",
    "utils",
    "service",
    "processor",
    "sync",
];

/// Things of the world that have such a word for a name.
const PROPER_NAMES: &[&str] = &["FileManager"];

fn violations(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        if let Some(word) = banned_in(source.path.rsplit('/').next().unwrap_or_default()) {
            found.push(format!("{}: file name says {word:?}", source.path));
        }
        for (number, line) in source.code_lines() {
            if let Some(name) = declared_type(line).filter(|name| !PROPER_NAMES.contains(name))
                && let Some(word) = banned_in(name)
            {
                found.push(format!("{}:{number}: {name} says {word:?}", source.path));
            }
        }
    }
    found
}

/// The type that this line declares. An associated type (indented `type Item = …`) is named by its trait.
fn declared_type(line: &str) -> Option<&str> {
    let indented = line.starts_with([' ', '\t']);
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || matches!(*word, "export" | "default" | "abstract" | "declare" | "unsafe")
    });
    let keyword = words.next()?;
    let declares = match keyword {
        "struct" | "enum" | "trait" | "union" | "class" | "interface" | "mod" => true,
        "type" => !indented,
        _ => false,
    };
    let end = |c: char| !(c.is_alphanumeric() || c == '_');
    declares
        .then(|| words.next())
        .flatten()
        .and_then(|name| name.split(end).next())
}

/// The first banned word in a name, whatever way its words are joined.
fn banned_in(name: &str) -> Option<&'static str> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_is_lower) {
            words.push(String::new());
        }
        before_is_lower = c.is_lowercase();
        if let Some(word) = words.last_mut()
            && c.is_alphanumeric()
        {
            word.extend(c.to_lowercase());
        }
    }
    BANNED
        .iter()
        .copied()
        .find(|banned| words.iter().any(|word| word == banned))
}

#[test]
fn our_names_say_what_things_are() {
    assert_eq!(violations(&all()), [""; 0]);
}

#[test]
fn empty_words_are_caught_in_files_and_types() {
    let check = |path: &str, text: &str, sentence: &str| {
        assert_eq!(violations(&[Source::of(path, text)]), [sentence]);
    };
    check(
        "src/string_utils.rs",
        "",
        "src/string_utils.rs: file name says \"utils\"",
    );
    check(
        "ui/a.ts",
        "export class UploadManager {",
        "ui/a.ts:1: UploadManager says \"manager\"",
    );
    check(
        "a.rs",
        "pub(crate) struct SyncState;",
        "a.rs:1: SyncState says \"sync\"",
    );
    check("a.rs", "type WorkItem = u8;", "a.rs:1: WorkItem says \"item\"");
}

#[test]
fn words_that_only_contain_one_are_fine() {
    let text = "struct Itemized;\n    type Item = u8;\nstruct Asynchronous;\nlet manager = 1;\n";
    assert_eq!(violations(&[Source::of("xtask/src/main.rs", text)]), [""; 0]);
}
