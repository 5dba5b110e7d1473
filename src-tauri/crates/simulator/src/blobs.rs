//! Received files: streamed to disk, hashed on the way, served again with Range.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::app::UploadLocks;
use crate::world::hex;

/// What arrived of one request body.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) received_bytes: u64,
    /// Bytes written to the file, at most what was to be kept.
    pub(crate) written_bytes: u64,
    /// The body ended as announced.
    pub(crate) whole: bool,
    /// A fault rule ended it: the connection is to be cut once this is written down.
    pub(crate) cut: bool,
}

/// What a body is to be received with.
pub(crate) struct Intake<'a> {
    pub(crate) upload_id: &'a str,
    pub(crate) offset: u64,
    /// Only this many bytes are written; the rest is read and dropped.
    pub(crate) keep_bytes: u64,
    pub(crate) bytes_per_s: Option<u64>,
    /// Read no further than so many bytes.
    pub(crate) cut_after: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Blobs {
    folder: PathBuf,
    pub(crate) locks: UploadLocks,
    /// Upload id → (offset, hash of everything before it).
    hashes: Mutex<HashMap<String, (u64, Sha256)>>,
}

impl Blobs {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder,
            locks: UploadLocks::default(),
            hashes: Mutex::default(),
        }
    }

    pub(crate) fn path(&self, upload_id: &str) -> PathBuf {
        self.folder.join(upload_id)
    }

    pub(crate) fn remove_all(&self) -> io::Result<()> {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).clear();
        match std::fs::remove_dir_all(&self.folder) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Streams `body` into the file of the upload at `offset`. Memory does not grow with the body.
    pub(crate) async fn receive(&self, intake: Intake<'_>, body: Body) -> io::Result<Received> {
        std::fs::create_dir_all(&self.folder)?;
        let path = self.path(intake.upload_id);
        let start = self.hash_before(intake.upload_id, intake.offset);
        let (frames, queue) = mpsc::channel::<Bytes>(16);
        let offset = intake.offset;
        let writer = tokio::task::spawn_blocking(move || write_frames(&path, offset, start, queue));

        let mut stream = body.into_data_stream();
        let (mut received_bytes, mut sent_bytes, mut whole, mut cut) = (0_u64, 0_u64, true, false);
        while let Some(frame) = stream.next().await {
            let Ok(mut frame) = frame else {
                whole = false;
                break;
            };
            let cut_here = intake
                .cut_after
                .is_some_and(|cut| received_bytes + frame.len() as u64 >= cut);
            if let (true, Some(cut)) = (cut_here, intake.cut_after) {
                frame.truncate(usize::try_from(cut - received_bytes).unwrap_or(usize::MAX));
            }
            let length = frame.len() as u64;
            received_bytes += length;
            let room = intake.keep_bytes - sent_bytes;
            if room > 0 && length > 0 {
                frame.truncate(usize::try_from(room).unwrap_or(usize::MAX));
                sent_bytes += frame.len() as u64;
                if frames.send(frame).await.is_err() {
                    break;
                }
            }
            if cut_here {
                (whole, cut) = (false, true);
                break;
            }
            if let Some(rate) = intake.bytes_per_s {
                tokio::time::sleep(Duration::from_secs_f64(length as f64 / rate as f64)).await;
            }
        }
        drop(frames);
        let (before, after) = writer.await.map_err(io::Error::other)??;
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        let checkpoint = if whole {
            (offset + sent_bytes, after)
        } else {
            (offset, before)
        };
        hashes.insert(intake.upload_id.to_owned(), checkpoint);
        Ok(Received {
            received_bytes,
            written_bytes: sent_bytes,
            whole,
            cut,
        })
    }

    /// Stores a small file as a whole.
    pub(crate) fn write_small(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        std::fs::write(self.folder.join(name), bytes)
    }

    fn hash_before(&self, upload_id: &str, offset: u64) -> (u64, Sha256) {
        let hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        match hashes.get(upload_id) {
            Some((at, hash)) if *at <= offset => (*at, hash.clone()),
            _ => (0, Sha256::new()),
        }
    }

    /// SHA-256 of the first `size_bytes` of the file, in lowercase hex.
    pub(crate) async fn sha256(&self, upload_id: &str, size_bytes: u64) -> io::Result<String> {
        let (from, mut hash) = self.hash_before(upload_id, size_bytes);
        if from < size_bytes {
            let path = self.path(upload_id);
            hash = tokio::task::spawn_blocking(move || {
                hash_range(&path, from, size_bytes, &mut hash).map(|()| hash)
            })
            .await
            .map_err(io::Error::other)??;
        }
        self.hashes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(upload_id);
        Ok(hex(&hash.finalize()))
    }
}

/// Writes and hashes frames as they come. Returns the hash before the first and after the last of them.
fn write_frames(
    path: &Path,
    offset: u64,
    (hashed_to, mut hash): (u64, Sha256),
    mut queue: mpsc::Receiver<Bytes>,
) -> io::Result<(Sha256, Sha256)> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)?;
    if hashed_to < offset {
        hash_range(path, hashed_to, offset, &mut hash)?;
    }
    file.seek(SeekFrom::Start(offset))?;
    let before = hash.clone();
    while let Some(frame) = queue.blocking_recv() {
        file.write_all(&frame)?;
        hash.update(&frame);
    }
    Ok((before, hash))
}

fn hash_range(path: &Path, from: u64, to: u64, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut rest = file.take(to - from);
    let mut buffer = vec![0; 256 * 1024];
    let mut seen = 0;
    loop {
        let length = rest.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        seen += length as u64;
        hash.update(&buffer[..length]);
    }
    if seen == to - from {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Reads a request body to its end and drops it, so that the answer can be read by whoever is still sending.
/// Returns how much it was.
pub(crate) async fn drain(body: Body) -> u64 {
    let mut stream = body.into_data_stream();
    let mut received_bytes = 0;
    while let Some(Ok(frame)) = stream.next().await {
        received_bytes += frame.len() as u64;
    }
    received_bytes
}
