//! The witness as a small file in the data folder.

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

use async_trait::async_trait;
use daypart_domain::problem::{ErrorCode, Problem};
use daypart_ports::seal::{Mark, Seal};

/// Where Linux keeps the name that an installation has for life.
const MACHINE_ID: &str = "/etc/machine-id";

/// Keeps the mark in one file.
#[derive(Debug, Clone)]
pub struct FileSeal {
    path: PathBuf,
    machine: Option<String>,
}

impl FileSeal {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            machine: machine(),
        }
    }
}

/// Hashed: the name itself is meant to stay on the computer. Windows and macOS have no such file; there a copied
/// record is noticed by its missing or different witness only.
fn machine() -> Option<String> {
    let name = std::fs::read_to_string(MACHINE_ID).ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| {
        blake3::derive_key("daypart 2026 seal machine", name.as_bytes())
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    })
}

#[async_trait]
impl Seal for FileSeal {
    fn machine(&self) -> Option<String> {
        self.machine.clone()
    }

    async fn read(&self) -> Result<Option<Mark>, Problem> {
        match tokio::fs::read(&self.path).await {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(problem(&error)),
        }
    }

    async fn write(&self, mark: &Mark) -> Result<(), Problem> {
        let document = serde_json::to_vec(mark)
            .map_err(|error| Problem::bug("a seal could not be written").caused_by(&error))?;
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let new = path.with_extension("new");
            let mut file = File::create(&new)?;
            file.write_all(&document)?;
            file.sync_all()?;
            std::fs::rename(&new, &path)
        })
        .await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(problem(&error)),
            Err(error) => Err(Problem::bug("writing a seal was cut off").caused_by(&error)),
        }
    }
}

fn problem(error: &io::Error) -> Problem {
    Problem::transient(
        ErrorCode::new("host.seal"),
        "A small file in Daypart's data folder cannot be used.",
    )
    .fix("Check who may read and write in the data folder.")
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mark_is_read_as_it_was_written_and_a_broken_file_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.json");
        let seal = FileSeal::new(path.clone());
        assert_eq!(seal.read().await.unwrap(), None);
        let mark = Mark {
            record: "r".into(),
            machine: seal.machine(),
            final_calls: 3,
        };
        seal.write(&mark).await.unwrap();
        assert_eq!(seal.read().await.unwrap(), Some(mark));
        std::fs::write(&path, b"half").unwrap();
        assert_eq!(seal.read().await.unwrap(), None);
    }
}
