//! What Daypart keeps on the disk, and cleaning it up.

use std::path::Path;

use daypart_domain::problem::Problem;
use daypart_ipc::{CleanedUp, StoragePart, StorageReport};

use crate::App;

const PARTS: [(&str, &str); 8] = [
    ("database", "Database and its copies"),
    ("renditions", "Converted files"),
    ("pictures", "Pictures of files and accounts"),
    ("caches", "Caches of the editor"),
    ("proxies", "Copies for looking at"),
    ("logs", "Logs"),
    ("practice", "Practice platforms"),
    ("other", "Everything else"),
];

impl App {
    /// Measures the data folder now.
    pub async fn storage(&self) -> Result<StorageReport, Problem> {
        let root = self.data_dir.clone();
        let sizes = tokio::task::spawn_blocking(move || {
            let mut sizes = [0_u64; PARTS.len()];
            measure(&root, &root, &mut sizes);
            sizes
        })
        .await
        .map_err(|error| Problem::bug("the data folder could not be measured").caused_by(&error))?;
        let parts: Vec<StoragePart> = PARTS
            .iter()
            .zip(sizes)
            .map(|((code, label), size_bytes)| StoragePart {
                code: (*code).to_owned(),
                label: (*label).to_owned(),
                size_bytes,
            })
            .collect();
        Ok(StorageReport {
            total_bytes: parts.iter().map(|part| part.size_bytes).sum(),
            parts,
            free_bytes: daypart_host::free_disk_bytes(&self.data_dir).ok(),
            history_days: self.engine.history_days().await?,
            cleaned_at: self.engine.cleaned_at().await?,
        })
    }

    /// Housekeeping now, and what is left then.
    pub async fn clean_up(&self) -> Result<CleanedUp, Problem> {
        let cleaned = self.engine.clean_up().await?;
        Ok(CleanedUp {
            files: cleaned.files,
            size_bytes: cleaned.size_bytes,
            uploads: cleaned.uploads,
            posts: cleaned.posts,
            storage: self.storage().await?,
        })
    }
}

/// What vanishes meanwhile counts for nothing.
fn measure(root: &Path, folder: &Path, sizes: &mut [u64; PARTS.len()]) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        if metadata.is_dir() {
            measure(root, &path, sizes);
        } else if let Ok(inner) = path.strip_prefix(root) {
            let code = part_of(inner);
            if let Some(index) = PARTS.iter().position(|(known, _)| *known == code) {
                sizes[index] += metadata.len();
            }
        }
    }
}

/// `inner`: below the data folder.
fn part_of(inner: &Path) -> &'static str {
    let mut names = inner.iter().map(|name| name.to_string_lossy());
    let first = names.next().unwrap_or_default();
    let second = names.next().unwrap_or_default();
    match (first.as_ref(), second.as_ref()) {
        ("backups", _) => "database",
        (file, "") if file.starts_with("daypart.db") => "database",
        ("logs", _) => "logs",
        ("practice", _) => "practice",
        ("pictures", _) => "pictures",
        ("media", "proxies") => "proxies",
        ("media", "cache") => "caches",
        ("media", file) if file.starts_with("rendition-") => "renditions",
        ("media", file) if file.starts_with("poster-") => "pictures",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_data_folder_has_its_part() {
        let cases = [
            ("daypart.db-wal", "database"),
            ("backups/daypart.db.5", "database"),
            ("media/rendition-1.mp4", "renditions"),
            ("media/poster-1.jpg", "pictures"),
            ("pictures/1.png", "pictures"),
            ("media/proxies/a.mp4", "proxies"),
            ("media/cache/strips/b", "caches"),
            ("logs/daypart.log", "logs"),
            ("vault.bin", "other"),
        ];
        for (inner, part) in cases {
            assert_eq!(part_of(Path::new(inner)), part, "{inner}");
        }
    }
}
