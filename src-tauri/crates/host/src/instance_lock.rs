//! One process owns a data folder at a time.

use std::{
    fmt, fs,
    fs::{File, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
};

use daypart_domain::problem::{ErrorCode, Problem};

const FILE: &str = "daypart.lock";
const LOCK: ErrorCode = ErrorCode::new("host.lock");

/// Proof that this process is the owner of a data folder. The operating system takes it back when the process
/// ends, however it ends; the file stays and means nothing by itself.
#[derive(Debug)]
pub struct InstanceLock {
    // Held for its lock.
    _file: File,
}

/// Who has the lock, as far as it said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockHolder {
    pub process_id: Option<u32>,
    /// What it calls itself, e.g. `window` or `daypart post`.
    pub name: Option<String>,
}

#[derive(Debug)]
pub enum LockOutcome {
    Acquired(InstanceLock),
    /// Another process is the owner; that is not an error.
    Held(LockHolder),
}

impl InstanceLock {
    /// Tries to become the owner of `data_dir`, which must exist, without waiting. `name` is what this process
    /// calls itself towards others.
    ///
    /// # Errors
    /// `host.lock` when the lock file cannot be made or locked at all.
    pub fn try_acquire(data_dir: &Path, name: &str) -> Result<LockOutcome, Problem> {
        let path = data_dir.join(FILE);
        let mut file = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| problem(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {
                introduce(&mut file, name).map_err(|error| problem(&path, &error))?;
                Ok(LockOutcome::Acquired(Self { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(LockOutcome::Held(read_holder(&mut file))),
            Err(TryLockError::Error(error)) => Err(problem(&path, &error)),
        }
    }
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, self.process_id) {
            (Some(name), Some(process_id)) => write!(f, "{name} (process {process_id})"),
            (None, Some(process_id)) => write!(f, "process {process_id}"),
            (Some(name), None) => f.write_str(name),
            (None, None) => f.write_str("another process"),
        }
    }
}

fn introduce(file: &mut File, name: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}\n{}", std::process::id(), name.replace('\n', " "))
}

/// Empty where the holder has not written yet or the platform keeps a locked file from being read.
fn read_holder(file: &mut File) -> LockHolder {
    let mut text = String::new();
    if file
        .rewind()
        .and_then(|()| file.read_to_string(&mut text))
        .is_err()
    {
        return LockHolder::default();
    }
    let mut lines = text.lines();
    LockHolder {
        process_id: lines.next().and_then(|line| line.parse().ok()),
        name: lines.next().filter(|name| !name.is_empty()).map(str::to_owned),
    }
}

fn problem(path: &Path, error: &io::Error) -> Problem {
    Problem::permanent(LOCK, format!("Daypart cannot lock {}.", path.display()))
        .fix("Check that the folder may be written to and lies on a local disk.")
        .caused_by(error)
}
