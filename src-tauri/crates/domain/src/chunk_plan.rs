//! How a file is cut for a resumable upload.

use serde::{Deserialize, Serialize};

/// A platform's rule for chunk sizes, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkRule {
    /// Up to `single_max_bytes` one chunk of the whole file; above it `size / chunk_bytes` chunks (floor), the
    /// last taking the remainder, so that it may exceed `chunk_bytes` (TikTok §4.1).
    FloorWithLongTail { single_max_bytes: u64, chunk_bytes: u64 },
    /// Chunks of `chunk_bytes`, a multiple of what the platform demands, the last one shorter (YouTube §4).
    Equal { chunk_bytes: u64 },
}

/// The cut of one file. Chunks are numbered from 0, cover the file without gap or overlap, and none is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkPlan {
    pub size_bytes: u64,
    pub chunk_bytes: u64,
    pub chunk_count: u64,
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
        let (chunk_bytes, chunk_count) = match rule {
            ChunkRule::FloorWithLongTail { single_max_bytes, .. } if size_bytes <= single_max_bytes => {
                (size_bytes, 1)
            }
            ChunkRule::FloorWithLongTail { chunk_bytes, .. } => {
                (chunk_bytes, (size_bytes / chunk_bytes).max(1))
            }
            ChunkRule::Equal { chunk_bytes } => (chunk_bytes, size_bytes.div_ceil(chunk_bytes)),
        };
        Some(Self {
            size_bytes,
            chunk_bytes,
            chunk_count,
        })
    }

    /// The chunk that starts at or contains `offset`; `None` at or past the end.
    pub fn chunk_at(&self, offset: u64) -> Option<Chunk> {
        if offset >= self.size_bytes {
            return None;
        }
        let index = (offset / self.chunk_bytes).min(self.chunk_count - 1);
        let start = index * self.chunk_bytes;
        let is_last = index + 1 == self.chunk_count;
        let end = if is_last {
            self.size_bytes
        } else {
            start + self.chunk_bytes
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
        (self.chunk_count - 1) * self.chunk_bytes
    }

    /// The largest chunk edge that is at most `stored` bytes into the file.
    pub fn edge_at_or_before(&self, stored: u64) -> u64 {
        if stored >= self.size_bytes {
            return self.size_bytes;
        }
        (stored / self.chunk_bytes).min(self.chunk_count - 1) * self.chunk_bytes
    }
}
