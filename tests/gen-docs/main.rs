//! Writes the documents that are made from code; with `--check`, only compares and fails on a difference.

mod delivery_specs;
mod platforms;
mod states;

use std::{fs, io, path::Path, process::ExitCode};

use daypart_domain::problem::Problem;

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let documents = match documents() {
        Ok(documents) => documents,
        Err(problem) => {
            eprintln!("cannot make the documents: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let mut code = ExitCode::SUCCESS;
    for (name, text) in documents {
        match write(&folder.join(name), &text, check) {
            Ok(true) => {}
            Ok(false) => {
                eprintln!("docs/{name} is out of date: run `cargo xtask gen` and commit the result");
                code = ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("cannot write docs/{name}: {error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn documents() -> Result<Vec<(&'static str, String)>, Problem> {
    Ok(vec![
        ("states.md", states::document()),
        ("platforms.md", platforms::document()?),
        ("delivery-specs.md", delivery_specs::document()),
    ])
}

/// Whether the file is current afterwards.
fn write(path: &Path, text: &str, check: bool) -> io::Result<bool> {
    if fs::read_to_string(path).is_ok_and(|committed| committed == text) {
        return Ok(true);
    }
    if check {
        return Ok(false);
    }
    fs::write(path, text)?;
    Ok(true)
}
