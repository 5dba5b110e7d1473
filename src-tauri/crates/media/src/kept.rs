//! What is kept on disk to be found again, bounded in size. Losing it costs time only.

use std::{
    collections::BTreeMap,
    fs::{self, DirEntry, File},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Removes whole entries, the least recently used first, until the rest is small enough. The files of a folder whose names
/// are the same up to the first point are one entry; leftovers of a crash are entries that nobody uses. Folders in `folder`
/// count with it.
///
/// # Errors
/// When a folder cannot be read or a file not be removed. Files that vanish meanwhile are no error.
pub(crate) fn shrink(folder: &Path, max_bytes: u64) -> io::Result<()> {
    let mut entries = BTreeMap::new();
    for found in fs::read_dir(folder)? {
        let found = found?;
        if found.file_type().is_ok_and(|kind| kind.is_dir()) {
            for file in fs::read_dir(found.path())? {
                enter(&mut entries, &file?);
            }
        } else {
            enter(&mut entries, &found);
        }
    }
    let mut total_bytes: u64 = entries.values().map(|entry: &Entry| entry.size_bytes).sum();
    let mut oldest_first: Vec<Entry> = entries.into_values().collect();
    oldest_first.sort_by_key(|entry| entry.used_at);
    for entry in oldest_first {
        if total_bytes <= max_bytes {
            break;
        }
        total_bytes = total_bytes.saturating_sub(entry.size_bytes);
        for file in entry.files {
            remove(&file)?;
        }
    }
    Ok(())
}

/// Makes a file the most recently used one, by the disk's own clock: its first byte is written again. Best effort.
pub(crate) fn mark_used(path: &Path) {
    if let Err(error) = write_first_byte_again(path) {
        tracing::debug!(%error, "what is kept could not be marked as used");
    }
}

fn write_first_byte_again(path: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let mut first = [0];
    file.read_exact(&mut first)?;
    file.rewind()?;
    file.write_all(&first)
}

#[derive(Default)]
struct Entry {
    size_bytes: u64,
    used_at: Option<SystemTime>,
    files: Vec<PathBuf>,
}

fn enter(entries: &mut BTreeMap<PathBuf, Entry>, file: &DirEntry) {
    let Ok(metadata) = file.metadata() else { return };
    if !metadata.is_file() {
        return;
    }
    let name = file.file_name().to_string_lossy().into_owned();
    let key = file
        .path()
        .with_file_name(name.split('.').next().unwrap_or_default());
    let entry = entries.entry(key).or_default();
    entry.size_bytes += metadata.len();
    entry.used_at = entry.used_at.max(metadata.modified().ok());
    entry.files.push(file.path());
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn keep(path: &Path, hours_ago: u64) {
        fs::write(path, [0; 100]).unwrap();
        let file = File::options().append(true).open(path).unwrap();
        let used_at = SystemTime::now() - Duration::from_secs(hours_ago * 3_600);
        file.set_modified(used_at).unwrap();
    }

    #[test]
    fn the_least_recently_used_goes_first_whatever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (strips, sound) = (folder.path().join("strips"), folder.path().join("sound"));
        fs::create_dir(&strips).unwrap();
        fs::create_dir(&sound).unwrap();
        keep(&strips.join("a.jpg"), 5);
        keep(&strips.join("a.json"), 5);
        keep(&sound.join("a.1.sound"), 4);
        keep(&sound.join("b.1.sound"), 3);
        keep(&strips.join("b.jpg"), 2);
        mark_used(&sound.join("a.1.sound"));
        let kept = || {
            let mut names: Vec<_> = [&strips, &sound]
                .into_iter()
                .flat_map(|folder| fs::read_dir(folder).unwrap())
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        shrink(folder.path(), 500).unwrap();
        assert_eq!(kept().len(), 5);
        shrink(folder.path(), 250).unwrap();
        assert_eq!(kept(), ["a.1.sound", "b.jpg"]);
        shrink(folder.path(), 0).unwrap();
        assert!(kept().is_empty() && strips.exists());
    }
}
