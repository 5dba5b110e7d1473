//! Part of a file as a request body: read from disk ahead of the network by a few blocks, whatever its size.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use daypart_domain::problem::{Problem, UserAction, codes};
use daypart_ports::{platform::ChunkSource, transfers::Pacing};
use tokio::sync::mpsc;

/// One read and one write; large enough that system calls do not matter.
const BLOCK_BYTES: u64 = 256 << 10;
/// Blocks that are read ahead of the network.
const BLOCKS_AHEAD: usize = 4;

/// What to send.
pub struct FileRange {
    pub path: PathBuf,
    pub offset: u64,
    pub length: u64,
    /// The whole file, as it was when the upload was planned.
    pub file_bytes: u64,
    pub sent: Arc<dyn Fn(u64) + Send + Sync>,
    pub pacing: Arc<dyn Pacing>,
}

impl FileRange {
    pub fn of(source: &ChunkSource, file_bytes: u64) -> Self {
        Self {
            path: source.path.clone(),
            offset: source.chunk.offset,
            length: source.chunk.length,
            file_bytes,
            sent: Arc::clone(&source.sent),
            pacing: Arc::clone(&source.pacing),
        }
    }
}

/// An opened range. At most `BLOCK_BYTES * (BLOCKS_AHEAD + 2)` of it are in memory.
pub struct FileBody {
    range: FileRange,
    file: File,
    watch: Watch,
}

/// Sees from outside how a body gets on.
#[derive(Clone, Default)]
pub struct Watch {
    handed_over: Arc<AtomicU64>,
    fault: Arc<Mutex<Option<Problem>>>,
}

impl Watch {
    /// Ends when no byte was handed over for `limit` (noticed within twice that).
    pub async fn stalled(&self, limit: Duration) {
        let mut before = None;
        loop {
            let now = self.handed_over.load(Ordering::Relaxed);
            if before == Some(now) {
                return;
            }
            before = Some(now);
            tokio::time::sleep(limit).await;
        }
    }

    /// Why reading the file ended early.
    pub fn fault(&self) -> Option<Problem> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set_fault(&self, problem: Problem) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }
}

impl FileBody {
    /// # Errors
    /// `file.missing`, `file.unreadable`; `file.changed` when the file has another size than was planned.
    pub async fn open(range: FileRange) -> Result<Self, Problem> {
        let opened = tokio::task::spawn_blocking(move || {
            let file = open_at(&range.path, range.offset, range.file_bytes)?;
            Ok(Self {
                range,
                file,
                watch: Watch::default(),
            })
        });
        opened
            .await
            .map_err(|error| Problem::bug("opening a file broke off").caused_by(&error))?
    }

    pub fn length(&self) -> u64 {
        self.range.length
    }

    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    pub fn into_body(self) -> reqwest::Body {
        let (blocks, received) = mpsc::channel::<io::Result<Bytes>>(BLOCKS_AHEAD);
        let Self { range, file, watch } = self;
        let sent = Arc::clone(&range.sent);
        let pacing = Arc::clone(&range.pacing);
        let reading = watch.clone();
        // Ends by itself when the request is dropped: the channel is closed then.
        tokio::task::spawn_blocking(move || read_blocks(file, &range, &reading, &blocks));
        let stream =
            futures_util::stream::unfold((received, Bytes::new()), move |(mut received, mut rest)| {
                let watch = watch.clone();
                let (sent, pacing) = (Arc::clone(&sent), Arc::clone(&pacing));
                async move {
                    if rest.is_empty() {
                        rest = match received.recv().await? {
                            Ok(block) => block,
                            Err(error) => return Some((Err(error), (received, rest))),
                        };
                    }
                    let allowed = pacing.allow(rest.len() as u64).await;
                    let length = usize::try_from(allowed)
                        .unwrap_or(usize::MAX)
                        .clamp(1, rest.len().max(1));
                    let piece = rest.split_to(length.min(rest.len()));
                    watch.handed_over.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    sent(piece.len() as u64);
                    Some((Ok(piece), (received, rest)))
                }
            });
        reqwest::Body::wrap_stream(stream)
    }
}

fn open_at(path: &Path, offset: u64, file_bytes: u64) -> Result<File, Problem> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let found = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    if found != file_bytes {
        return Err(changed(path).detail(format!("{file_bytes} bytes were planned, {found} are there")));
    }
    file.seek(SeekFrom::Start(offset))
        .map_err(|error| unreadable(path, &error))?;
    Ok(file)
}

fn read_blocks(mut file: File, range: &FileRange, watch: &Watch, blocks: &mpsc::Sender<io::Result<Bytes>>) {
    let mut left = range.length;
    while left > 0 {
        let wanted = left.min(BLOCK_BYTES);
        let mut block = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        let read = (&mut file).take(wanted).read_to_end(&mut block);
        let problem = match read {
            Ok(length) if length as u64 == wanted => None,
            Ok(_) => Some(changed(&range.path).detail("it ended while it was being sent")),
            Err(error) => Some(unreadable(&range.path, &error)),
        };
        if let Some(problem) = problem {
            watch.set_fault(problem);
            // An error, not an end: the connection must break instead of looking complete.
            let _ = blocks.blocking_send(Err(io::Error::other("the file could not be read")));
            return;
        }
        left -= wanted;
        if blocks.blocking_send(Ok(Bytes::from(block))).is_err() {
            return;
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let problem = if error.kind() == io::ErrorKind::NotFound {
        Problem::needs_user(
            codes::FILE_MISSING,
            UserAction::ReplaceFile,
            format!("“{}” is no longer where it was.", name(path)),
        )
        .fix("Put it back, or choose the file again.")
    } else {
        Problem::needs_user(
            codes::FILE_UNREADABLE,
            UserAction::ReplaceFile,
            format!("“{}” cannot be read.", name(path)),
        )
        .fix("Check the drive and the file's permissions.")
    };
    problem.caused_by(error)
}

fn changed(path: &Path) -> Problem {
    Problem::needs_user(
        codes::FILE_CHANGED,
        UserAction::ReplaceFile,
        format!("“{}” was changed after it was planned.", name(path)),
    )
    .fix("Check the new version and schedule the post again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(path: &Path, file_bytes: u64) -> FileRange {
        FileRange {
            path: path.to_owned(),
            offset: 0,
            length: file_bytes,
            file_bytes,
            sent: Arc::new(|_| {}),
            pacing: Arc::new(daypart_ports::transfers::Unlimited),
        }
    }

    async fn refusal(range: FileRange) -> Problem {
        FileBody::open(range).await.err().expect("must not open")
    }

    #[tokio::test]
    async fn a_file_that_is_gone_or_has_another_size_is_not_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        assert_eq!(refusal(range(&path, 3)).await.code, codes::FILE_MISSING);
        std::fs::write(&path, b"four").unwrap();
        let problem = refusal(range(&path, 3)).await;
        assert_eq!(problem.code, codes::FILE_CHANGED);
        assert!(problem.message.contains("clip.mp4"));
    }

    #[tokio::test]
    async fn a_body_that_does_not_move_counts_as_stalled() {
        let watch = Watch::default();
        watch.handed_over.store(5, Ordering::Relaxed);
        watch.stalled(Duration::from_millis(5)).await;
    }
}
