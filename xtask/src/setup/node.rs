//! The Node packages of a folder, exactly as its lock file says.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{call::Call, setup::system::on_path, workspace};

const NODE_MAJOR_MIN: u32 = 20;

/// Runs `npm ci` in the folder unless its packages are those of the lock file already.
///
/// # Errors
/// When Node is missing or too old, or npm fails.
pub fn ensure(folder: &str) -> Result<()> {
    check_version()?;
    let place = workspace::root().join(folder);
    let lock = fs::read(place.join("package-lock.json"))
        .with_context(|| format!("cannot read {folder}/package-lock.json"))?;
    let done = place.join("node_modules").join(".installed-lock.json");
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    Call::line("npm ci --no-audit --no-fund").within(folder).run()?;
    fs::write(done, lock).with_context(|| format!("cannot write into {folder}/node_modules"))
}

fn check_version() -> Result<()> {
    if !on_path("npm") {
        bail!("npm was not found: install Node.js {NODE_MAJOR_MIN} or later (https://nodejs.org)");
    }
    let version = Call::line("node --version").output()?;
    match major(&version) {
        Some(found) if found >= NODE_MAJOR_MIN => Ok(()),
        _ => bail!(
            "Node.js {NODE_MAJOR_MIN} or later is needed, found {}",
            version.trim()
        ),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
