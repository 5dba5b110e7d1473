//! Durable state: typed tables in memory, one append-only journal on disk.
//!
//! A commit is ONE line holding every row that changed, written before the answer leaves. A line torn by a
//! kill is ignored at the next start, so a commit happens whole or not at all. The file is rewritten in a
//! compact form at start and whenever it has grown a lot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const GROWN_BYTES: u64 = 32 * 1024 * 1024;

/// One changed row; no value means removed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    t: String,
    k: String,
    v: Option<Value>,
}

/// Rows of one kind by key. Changes are noted and written by [`Journal::commit`].
#[derive(Debug)]
pub(crate) struct Table<T> {
    name: &'static str,
    rows: BTreeMap<String, T>,
    changed: BTreeSet<String>,
}

impl<T> Table<T> {
    pub(crate) fn named(name: &'static str) -> Self {
        Self {
            name,
            rows: BTreeMap::new(),
            changed: BTreeSet::new(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(key)
    }

    /// The row for changing it; it counts as changed.
    pub(crate) fn edit(&mut self, key: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(key)?;
        self.changed.insert(key.to_owned());
        Some(row)
    }

    pub(crate) fn put(&mut self, key: impl Into<String>, row: T) {
        let key = key.into();
        self.changed.insert(key.clone());
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<T> {
        let row = self.rows.remove(key)?;
        self.changed.insert(key.to_owned());
        Some(row)
    }

    pub(crate) fn clear(&mut self) {
        self.changed.extend(self.rows.keys().cloned());
        self.rows.clear();
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&String, &T)> {
        self.rows.iter()
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }

    /// Rows whose key starts with `prefix`, in key order.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a T> {
        self.rows
            .range(prefix.to_owned()..)
            .take_while(move |(k, _)| k.starts_with(prefix))
            .map(|(_, v)| v)
    }

    /// Keys of the rows that `wanted` accepts.
    pub(crate) fn keys_where(&self, wanted: impl Fn(&T) -> bool) -> Vec<String> {
        self.rows
            .iter()
            .filter(|(_, row)| wanted(row))
            .map(|(k, _)| k.clone())
            .collect()
    }
}

/// What the journal needs of a table, whatever its rows are.
pub(crate) trait Rows {
    fn drain_changes(&mut self, into: &mut Vec<Change>) -> serde_json::Result<()>;
    fn all_rows(&self, into: &mut Vec<Change>) -> serde_json::Result<()>;
    fn load(&mut self, from: &mut BTreeMap<String, BTreeMap<String, Value>>) -> serde_json::Result<()>;
}

impl<T: Serialize + DeserializeOwned> Rows for Table<T> {
    fn drain_changes(&mut self, into: &mut Vec<Change>) -> serde_json::Result<()> {
        for k in std::mem::take(&mut self.changed) {
            let v = self.rows.get(&k).map(serde_json::to_value).transpose()?;
            into.push(Change {
                t: self.name.to_owned(),
                k,
                v,
            });
        }
        Ok(())
    }

    fn all_rows(&self, into: &mut Vec<Change>) -> serde_json::Result<()> {
        for (k, row) in &self.rows {
            into.push(Change {
                t: self.name.to_owned(),
                k: k.clone(),
                v: Some(serde_json::to_value(row)?),
            });
        }
        Ok(())
    }

    fn load(&mut self, from: &mut BTreeMap<String, BTreeMap<String, Value>>) -> serde_json::Result<()> {
        for (k, v) in from.remove(self.name).unwrap_or_default() {
            self.rows.insert(k, serde_json::from_value(v)?);
        }
        Ok(())
    }
}

/// The journal file, locked for this process.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    written_bytes: u64,
    _lock: File,
}

/// Why a journal could not be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    InUse,
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}

impl Journal {
    /// Opens the journal in `folder`, fills `tables` from it and rewrites it compactly.
    pub(crate) fn open(folder: &Path, tables: &mut [&mut dyn Rows]) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("simulator.lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse),
            Err(TryLockError::Error(source)) => return Err(source.into()),
        }
        let path = folder.join("state.journal");
        let mut rows = read_rows(&path)?;
        for table in tables.iter_mut() {
            table.load(&mut rows).map_err(io::Error::from)?;
        }
        let shared: Vec<&dyn Rows> = tables.iter().map(|t| &**t).collect();
        let (file, _) = write_compact(&path, &shared)?;
        Ok(Self {
            path,
            file,
            written_bytes: 0,
            _lock: lock,
        })
    }

    /// Makes every change noted in `tables` durable, as one whole.
    pub(crate) fn commit(&mut self, tables: &mut [&mut dyn Rows]) -> io::Result<()> {
        let mut changes = Vec::new();
        for table in tables.iter_mut() {
            table.drain_changes(&mut changes)?;
        }
        if changes.is_empty() {
            return Ok(());
        }
        let mut line = serde_json::to_vec(&changes)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.written_bytes += line.len() as u64;
        if self.written_bytes > GROWN_BYTES {
            let shared: Vec<&dyn Rows> = tables.iter().map(|t| &**t).collect();
            (self.file, _) = write_compact(&self.path, &shared)?;
            self.written_bytes = 0;
        }
        Ok(())
    }
}

fn read_rows(path: &Path) -> io::Result<BTreeMap<String, BTreeMap<String, Value>>> {
    let mut rows: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(rows),
        Err(e) => return Err(e),
    };
    for line in BufReader::new(file).split(b'\n') {
        // A line torn by a kill was never acknowledged.
        let Ok(changes) = serde_json::from_slice::<Vec<Change>>(&line?) else {
            continue;
        };
        for change in changes {
            let table = rows.entry(change.t).or_default();
            match change.v {
                Some(v) => drop(table.insert(change.k, v)),
                None => drop(table.remove(&change.k)),
            }
        }
    }
    Ok(rows)
}

fn write_compact(path: &Path, tables: &[&dyn Rows]) -> io::Result<(File, u64)> {
    let fresh = path.with_extension("journal.new");
    let mut out = BufWriter::new(File::create(&fresh)?);
    for table in tables {
        let mut changes = Vec::new();
        table.all_rows(&mut changes)?;
        for change in changes {
            serde_json::to_writer(&mut out, &[change])?;
            out.write_all(b"\n")?;
        }
    }
    out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
    std::fs::rename(&fresh, path)?;
    let file = OpenOptions::new().append(true).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_last_line_is_ignored_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut table: Table<u32> = Table::named("numbers");
        let mut journal = Journal::open(folder.path(), &mut [&mut table]).unwrap();
        table.put("one", 1);
        journal.commit(&mut [&mut table]).unwrap();
        table.put("two", 2);
        table.remove("one");
        journal.commit(&mut [&mut table]).unwrap();
        drop(journal);
        let path = folder.path().join("state.journal");
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(br#"[{"t":"numbers","k":"three","v":3"#).unwrap();

        let mut again: Table<u32> = Table::named("numbers");
        let journal = Journal::open(folder.path(), &mut [&mut again]).unwrap();
        assert_eq!(
            again.iter().map(|(k, v)| (k.as_str(), *v)).collect::<Vec<_>>(),
            [("two", 2)]
        );
        let mut third: Table<u32> = Table::named("numbers");
        assert!(matches!(
            Journal::open(folder.path(), &mut [&mut third]),
            Err(OpenError::InUse)
        ));
        drop(journal);
    }
}
