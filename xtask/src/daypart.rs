//! The built `daypart` program and a simulator of its own, for the demo and the measurements.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::loopback::control;

/// A data folder of its own with an encrypted file for its secrets, and practice platforms that run apart.
pub struct Stage {
    program: PathBuf,
    folder: PathBuf,
    pub practice_url: String,
    simulator: Child,
}

impl Stage {
    /// Starts the simulator of `program` with everything below `folder`, which is emptied first.
    ///
    /// # Errors
    /// When the folder cannot be made or the program does not start.
    pub fn open(program: PathBuf, folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        fs::write(folder.join("passphrase"), random_words()?)?;
        let mut simulator = Command::new(&program)
            .args(["simulator", "--data"])
            .arg(folder.join("simulator"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let practice_url = match first_line(&mut simulator) {
            Ok(url) => url,
            Err(error) => {
                let _ = simulator.kill();
                return Err(error).context("the practice platforms did not start");
            }
        };
        Ok(Self {
            program,
            folder: folder.to_owned(),
            practice_url,
            simulator,
        })
    }

    /// `daypart` with these words, in this stage's surroundings.
    pub fn daypart(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).stdin(Stdio::null());
        for (name, value) in self.surroundings() {
            command.env(name, value);
        }
        command
    }

    /// The environment that keeps a program on this stage.
    pub fn surroundings(&self) -> [(&'static str, String); 4] {
        [
            ("DAYPART_DATA_DIR", self.folder.join("data").display().to_string()),
            ("DAYPART_PRACTICE_URL", self.practice_url.clone()),
            (
                "DAYPART_VAULT",
                format!("file:{}", self.folder.join("passphrase").display()),
            ),
            ("DAYPART_BROWSER", "none".to_owned()),
        ]
    }

    /// Starts `daypart run`: the owner of the data folder, without a window.
    ///
    /// # Errors
    /// When it does not come to work.
    pub fn owner(&self) -> Result<Owner> {
        let mut child = self
            .daypart(&["run"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match first_line(&mut child) {
            Ok(_) => Ok(Owner { child }),
            Err(error) => {
                let _ = child.kill();
                Err(error).context("`daypart run` did not come to work")
            }
        }
    }

    /// Asks the simulator's control surface; `body` makes it a POST.
    ///
    /// # Errors
    /// When it does not answer or refuses.
    pub fn control(&self, path: &str, body: Option<&Value>) -> Result<Value> {
        control(&self.practice_url, path, body)
    }

    /// Waits until `count` events of this name have happened since the simulator was started.
    ///
    /// # Errors
    /// When they have not within `patience`.
    pub fn wait_for(&self, event: &str, count: usize, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            // A wait that times out is answered with 408; ours must stay below the time limit of a request.
            let left = deadline
                .saturating_duration_since(Instant::now())
                .as_secs()
                .min(30);
            let path = format!("wait?event={event}&count={count}&timeout_s={left}");
            match self.control(&path, None) {
                Ok(_) => return Ok(()),
                Err(error) if left == 0 => return Err(error).context(format!("no {count} × {event}")),
                Err(_) => {}
            }
        }
    }

    /// What `daypart` prints as JSON.
    ///
    /// # Errors
    /// When it fails; the error carries what it said.
    pub fn ask(&self, words: &[&str]) -> Result<Value> {
        let output = self.daypart(words).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`daypart {}` failed ({}):\n{}",
                words.join(" "),
                output.status,
                said.trim()
            );
        }
        serde_json::from_slice(&output.stdout).context("daypart printed no JSON")
    }

    /// Connects a practice account: `allow` is handed the address of the consent page.
    ///
    /// # Errors
    /// When the program or `allow` fails.
    pub fn connect(&self, account: &str, allow: impl FnOnce(&str) -> Result<()>) -> Result<String> {
        let mut child = self
            .daypart(&["accounts", "connect", account])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?);
        let allowed = read_line(&mut lines).and_then(|address| allow(&address));
        if allowed.is_err() {
            let _ = child.kill();
        }
        let mut rest = String::new();
        lines.read_to_string(&mut rest)?;
        let ended = child.wait()?;
        allowed?;
        if !ended.success() {
            bail!("`daypart accounts connect {account}` failed ({ended})");
        }
        Ok(rest.trim().to_owned())
    }
}

/// A running `daypart run`.
pub struct Owner {
    child: Child,
}

impl Owner {
    /// The most memory it has held so far, from the kernel.
    ///
    /// # Errors
    /// Elsewhere than on Linux, or when it has ended.
    pub fn peak_memory_bytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .context("no VmHWM")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.simulator.kill();
        let _ = self.simulator.wait();
    }
}

fn first_line(child: &mut Child) -> Result<String> {
    let output: ChildStdout = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(output);
    let line = read_line(&mut lines)?;
    // Keeps the pipe open for as long as the program may print.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    Ok(line)
}

fn read_line(lines: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if lines.read_line(&mut line)? == 0 {
        bail!("the program ended without a word");
    }
    Ok(line.trim().to_owned())
}

fn random_words() -> Result<String> {
    let mut bytes = [0u8; 32];
    fs::File::open("/dev/urandom")
        .context("no source of randomness")?
        .read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
