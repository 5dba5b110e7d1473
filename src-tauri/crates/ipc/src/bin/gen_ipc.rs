//! Writes the TypeScript of the wire schema; with `--check`, only compares and fails on a difference.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/ipc/generated");
    match run(&folder, check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("ui/src/lib/ipc/generated is out of date: run `cargo xtask gen` and commit the result");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot write {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Whether the folder is current afterwards.
fn run(folder: &Path, check: bool) -> std::io::Result<bool> {
    if !check {
        std::fs::create_dir_all(folder)?;
    }
    for (name, contents) in daypart_ipc::typescript() {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|committed| committed == contents) {
            continue;
        }
        if check {
            return Ok(false);
        }
        std::fs::write(&path, contents)?;
    }
    Ok(true)
}
