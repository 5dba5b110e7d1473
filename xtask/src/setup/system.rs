//! Installs what is missing, with apt on Debian and its relatives; says what to install elsewhere.

use std::{
    collections::BTreeSet,
    io::{BufRead, IsTerminal, Write},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    arguments::SetupOptions,
    call::Call,
    setup::packages::{Package, Purpose, packages_for},
};

/// Makes sure that the packages for these purposes are installed.
///
/// Asks first when somebody is there to answer; `--yes`, CI and scripts are not asked.
///
/// # Errors
/// When the user says no, when this is not a Debian-like system and something is missing, or when apt fails.
pub fn ensure(purposes: &[Purpose], options: SetupOptions) -> Result<()> {
    let wanted = packages_for(purposes);
    if !is_debian_like() {
        return elsewhere(&wanted);
    }
    let installed = installed(&wanted)?;
    let missing = missing(&wanted, &installed, on_path);
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("These system packages are missing:");
    for package in &missing {
        eprintln!("  {:<30} {}", package.name, package.why);
    }
    if !options.yes && std::io::stdin().is_terminal() && std::env::var_os("CI").is_none() && !agreed()? {
        bail!("nothing was installed");
    }
    install(&missing)
}

fn missing(wanted: &[Package], installed: &BTreeSet<String>, on_path: impl Fn(&str) -> bool) -> Vec<Package> {
    wanted
        .iter()
        .filter(|package| !installed.contains(package.name))
        .filter(|package| !package.instead.iter().any(|program| on_path(program)))
        .copied()
        .collect()
}

fn install(missing: &[Package]) -> Result<()> {
    let names = missing.iter().map(|package| package.name);
    let root = Call::line("id -u").output().is_ok_and(|id| id.trim() == "0");
    let apt = |arguments: Vec<&str>| {
        let mut words = vec![
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-q",
            "-o",
            "DPkg::Lock::Timeout=300",
        ];
        words.extend(arguments);
        if root {
            Call::new(words[0], words[1..].to_vec())
        } else {
            Call::new("sudo", words)
        }
    };
    // An outdated list is no reason to stop: the packages may still be there.
    if let Err(error) = apt(vec!["update"]).run() {
        eprintln!("xtask: {error:#}; going on with the package lists as they are");
    }
    apt(["install", "-y", "--no-install-recommends"]
        .into_iter()
        .chain(names)
        .collect())
    .run()
}

fn agreed() -> Result<bool> {
    eprint!("Install them with apt-get now? [Y/n] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// The wanted packages that dpkg knows as installed.
fn installed(wanted: &[Package]) -> Result<BTreeSet<String>> {
    // dpkg-query fails when any name is unknown to it and still lists the others.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(wanted.iter().map(|package| package.name))
        .output()?;
    Ok(read_installed(&String::from_utf8_lossy(&output.stdout)))
}

fn read_installed(list: &str) -> BTreeSet<String> {
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, status)| *status == "installed")
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn is_debian_like() -> bool {
    cfg!(target_os = "linux") && on_path("apt-get") && on_path("dpkg-query")
}

/// Whether a program of this name is on PATH.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Names what is needed on a system without apt, and lets the build show what is really missing.
fn elsewhere(wanted: &[Package]) -> Result<()> {
    let advice = if cfg!(target_os = "macos") {
        "On macOS: `xcode-select --install` and `brew install ffmpeg node`."
    } else if cfg!(windows) {
        "On Windows: the Visual Studio C++ build tools, the WebView2 runtime, ffmpeg and node."
    } else {
        "Install your distribution's counterparts of the packages above (the names are Debian's), then start again."
    };
    let programs = ["ffmpeg", "ffprobe", "node", "npm"];
    let absent: Vec<_> = programs.into_iter().filter(|program| !on_path(program)).collect();
    eprintln!("Only Debian and its relatives are set up by this command. Daypart needs:");
    for package in wanted {
        eprintln!("  {:<30} {}", package.name, package.why);
    }
    eprintln!("{advice}");
    if !absent.is_empty() {
        bail!("not found on PATH: {}", absent.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_whose_settings_remain_is_not_installed() {
        let list = "ffmpeg installed\nxvfb config-files\n";
        assert_eq!(read_installed(list), BTreeSet::from(["ffmpeg".to_owned()]));
    }

    #[test]
    fn only_what_is_not_there_is_missing() {
        let wanted = packages_for(&[]);
        let installed = BTreeSet::from(["build-essential".to_owned()]);
        let names: Vec<_> = missing(&wanted, &installed, |_| false)
            .iter()
            .map(|p| p.name)
            .collect();
        assert_eq!(names, ["ffmpeg"]);
    }

    #[test]
    fn another_browser_will_do() {
        let wanted = packages_for(&[Purpose::Test]);
        let names = |found: &'static str| -> Vec<_> {
            missing(&wanted, &BTreeSet::new(), |p| p == found)
                .iter()
                .map(|p| p.name)
                .collect()
        };
        assert!(names("nothing").contains(&"chromium"));
        assert!(!names("google-chrome").contains(&"chromium"));
    }
}
