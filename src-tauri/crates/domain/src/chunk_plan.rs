//! How a file is cut for a resumable upload.

use serde::{Deserialize, Serialize};

/// A platform's rule for chunk sizes, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkRule {
    /// Up to `single_max_bytes` one chunk of the whole file; above it `size / chunk_bytes` chunks (floor), the
    /// last taking the remainder, so that it may exceed `chunk_bytes` (TikTok §4.1).
    FloorWithLongTail { single_max_bytes: u64, chunk_bytes: u64 },
    /// Chunks of `chunk_bytes`, a multiple of what the platform demands, the last one shorter.
    Equal { chunk_bytes: u64 },
    /// Chunks of `chunk_bytes`, and at most `grain_bytes` at the end as a chunk of their own, so that little is left
    /// for the due second. Every chunk but the last is a multiple of `grain_bytes`, as `chunk_bytes` must be
    /// (YouTube §4).
    ShortTail { grain_bytes: u64, chunk_bytes: u64 },
}

/// The cut of one file. Chunks are numbered from 0, cover the file without gap or overlap, and none is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkPlan {
    pub size_bytes: u64,
    /// Of every chunk but the last, and but the one before a tail, which may be shorter.
    pub chunk_bytes: u64,
    pub chunk_count: u64,
    /// How much at the end is a chunk of its own; 0 when the last of the even chunks is the last.
    #[serde(default)]
    pub tail_bytes: u64,
}

/// One chunk: `offset..offset + length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    pub index: u64,
    pub offset: u64,
    pub length: u64,
    pub is_last: bool,
}

impl ChunkPlan {
    /// Plans a file of `size_bytes`; `None` for an empty file, which no platform takes.
    pub fn new(rule: ChunkRule, size_bytes: u64) -> Option<Self> {
        if size_bytes == 0 {
            return None;
        }
        let plan = |chunk_bytes, chunk_count| Self {
            size_bytes,
            chunk_bytes,
            chunk_count,
            tail_bytes: 0,
        };
        Some(match rule {
            ChunkRule::FloorWithLongTail { single_max_bytes, .. } if size_bytes <= single_max_bytes => {
                plan(size_bytes, 1)
            }
            ChunkRule::FloorWithLongTail { chunk_bytes, .. } => {
                plan(chunk_bytes, (size_bytes / chunk_bytes).max(1))
            }
            ChunkRule::Equal { chunk_bytes } => plan(chunk_bytes, size_bytes.div_ceil(chunk_bytes)),
            ChunkRule::ShortTail { grain_bytes, .. } if size_bytes <= grain_bytes => plan(grain_bytes, 1),
            ChunkRule::ShortTail {
                grain_bytes,
                chunk_bytes,
            } => {
                let tail_bytes = (size_bytes - 1) % grain_bytes + 1;
                let even_count = (size_bytes - tail_bytes).div_ceil(chunk_bytes);
                Self {
                    tail_bytes,
                    ..plan(chunk_bytes, even_count + 1)
                }
            }
        })
    }

    /// The chunk that starts at or contains `offset`; `None` at or past the end.
    pub fn chunk_at(&self, offset: u64) -> Option<Chunk> {
        if offset >= self.size_bytes {
            return None;
        }
        let index = self.index_at(offset);
        let is_last = index + 1 == self.chunk_count;
        let end = if is_last {
            self.size_bytes
        } else {
            self.start_of(index + 1)
        };
        Some(Chunk {
            index,
            offset,
            length: end - offset,
            is_last,
        })
    }

    /// Where the last chunk starts.
    pub fn last_offset(&self) -> u64 {
        self.start_of(self.chunk_count - 1)
    }

    /// The largest chunk edge that is at most `stored` bytes into the file.
    pub fn edge_at_or_before(&self, stored: u64) -> u64 {
        if stored >= self.size_bytes {
            return self.size_bytes;
        }
        self.start_of(self.index_at(stored))
    }

    fn index_at(&self, offset: u64) -> u64 {
        if self.tail_bytes > 0 && offset >= self.size_bytes - self.tail_bytes {
            return self.chunk_count - 1;
        }
        let even_count = self.chunk_count - u64::from(self.tail_bytes > 0);
        (offset / self.chunk_bytes).min(even_count - 1)
    }

    fn start_of(&self, index: u64) -> u64 {
        if self.tail_bytes > 0 && index + 1 == self.chunk_count {
            self.size_bytes - self.tail_bytes
        } else {
            index * self.chunk_bytes
        }
    }
}
