//! A quick fingerprint of a file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
    time::UNIX_EPOCH,
};

use daypart_domain::{asset::FileIdentity, problem::Problem};

use crate::problems;

const BLOCK_BYTES: u64 = 64 * 1024;
const BLOCKS: u64 = 18;

/// Size, time, and BLAKE3 over the size and 18 blocks of 64 kB spread evenly from the first byte to the last
/// (MEDIA.md §4a); over everything when the file is no larger than that.
pub(crate) async fn identify(path: &Path) -> Result<FileIdentity, Problem> {
    let owned = path.to_path_buf();
    let outcome = tokio::task::spawn_blocking(move || read_identity(&owned)).await;
    match outcome {
        Ok(Ok(identity)) => Ok(identity),
        Ok(Err(error)) => Err(problems::unopened(path, &error)),
        Err(error) => Err(Problem::bug("the fingerprint thread died").caused_by(&error)),
    }
}

fn read_identity(path: &Path) -> io::Result<FileIdentity> {
    // Opening a pipe would wait for its other end.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not an ordinary file",
        ));
    }
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let size_bytes = metadata.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size_bytes.to_le_bytes());
    if size_bytes <= BLOCKS * BLOCK_BYTES {
        hasher.update_reader(&mut file)?;
    } else {
        let mut block = Vec::new();
        for index in 0..BLOCKS {
            let offset = (size_bytes - BLOCK_BYTES) / (BLOCKS - 1) * index;
            let offset = if index + 1 == BLOCKS {
                size_bytes - BLOCK_BYTES
            } else {
                offset
            };
            file.seek(SeekFrom::Start(offset))?;
            block.clear();
            (&mut file).take(BLOCK_BYTES).read_to_end(&mut block)?;
            hasher.update(&block);
        }
    }
    Ok(FileIdentity {
        size_bytes,
        modified_at_ms: modified_at_ms(&metadata)?,
        content_hash: hasher.finalize().to_hex().to_string(),
    })
}

fn modified_at_ms(metadata: &std::fs::Metadata) -> io::Result<i64> {
    let modified = metadata.modified()?;
    let milliseconds = match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()),
        Err(before) => i64::try_from(before.duration().as_millis()).map(|ms| -ms),
    };
    milliseconds.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a time beyond the calendar"))
}
