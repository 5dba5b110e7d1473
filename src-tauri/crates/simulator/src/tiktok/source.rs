//! `source_info`: the chunk plan a client declares, and the rules it must keep.

use serde_json::Value;

/// A declared plan that keeps all rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkPlan {
    pub(crate) video_size: u64,
    pub(crate) chunk_size: u64,
    pub(crate) total_chunk_count: u64,
}

const MIN_CHUNK: u64 = 5_000_000;
/// The bounds are not said to be decimal or binary; what either reading allows is allowed.
const MAX_CHUNK: u64 = 64 * 1024 * 1024;
const MAX_LAST: u64 = 128 * 1024 * 1024;
const MAX_COUNT: u64 = 1000;

impl ChunkPlan {
    /// Reads and checks a FILE_UPLOAD `source_info`; the error is the message for the client.
    pub(crate) fn checked(source: &Value, max_file_bytes: u64) -> Result<Self, String> {
        let positive = |name: &str| {
            source[name]
                .as_u64()
                .filter(|n| *n > 0)
                .ok_or_else(|| format!("{name} must be a positive integer"))
        };
        let plan = Self {
            video_size: positive("video_size")?,
            chunk_size: positive("chunk_size")?,
            total_chunk_count: positive("total_chunk_count")?,
        };
        plan.check(max_file_bytes).map(|()| plan)
    }

    fn check(&self, max_file_bytes: u64) -> Result<(), String> {
        let Self {
            video_size,
            chunk_size,
            total_chunk_count,
        } = *self;
        if video_size > max_file_bytes {
            return Err("video_size is above the maximum file size".to_owned());
        }
        if total_chunk_count > MAX_COUNT {
            return Err("total_chunk_count must be between 1 and 1000".to_owned());
        }
        if total_chunk_count != video_size / chunk_size {
            return Err(
                "The total chunk count is invalid: it must be video_size / chunk_size, rounded down"
                    .to_owned(),
            );
        }
        if total_chunk_count == 1 {
            if chunk_size != video_size {
                return Err("The chunk size is invalid: one chunk must be as large as the video".to_owned());
            }
            // 64 MB is read decimally by some and as MiB by others; above both it must be several chunks.
            if video_size > MAX_CHUNK {
                return Err("The chunk size is invalid: a video above 64 MB needs several chunks".to_owned());
            }
            return Ok(());
        }
        if !(MIN_CHUNK..=MAX_CHUNK).contains(&chunk_size) {
            return Err("The chunk size is invalid: it must be between 5 MB and 64 MB".to_owned());
        }
        if video_size - chunk_size * (total_chunk_count - 1) > MAX_LAST {
            return Err("The chunk size is invalid: the last chunk may not exceed 128 MB".to_owned());
        }
        Ok(())
    }

    /// First and last byte of the chunk that starts at `offset`; `None` if none starts there.
    pub(crate) fn chunk_at(&self, offset: u64) -> Option<(u64, u64)> {
        let index = offset / self.chunk_size;
        if !offset.is_multiple_of(self.chunk_size) || index >= self.total_chunk_count {
            return None;
        }
        let last = if index + 1 == self.total_chunk_count {
            self.video_size
        } else {
            offset + self.chunk_size
        } - 1;
        Some((offset, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CAP: u64 = 4_294_967_296;

    fn checked(size: u64, chunk: u64, count: u64) -> Result<ChunkPlan, String> {
        ChunkPlan::checked(
            &json!({"video_size": size, "chunk_size": chunk, "total_chunk_count": count}),
            CAP,
        )
    }

    #[test]
    fn the_table_of_the_contract_is_accepted_with_its_last_ranges() {
        let rows = [
            (1, 1, 1, (0, 0)),
            (4_999_999, 4_999_999, 1, (0, 4_999_998)),
            (64_000_000, 64_000_000, 1, (0, 63_999_999)),
            (64_000_001, 10_000_000, 6, (50_000_000, 64_000_000)),
            (69_999_999, 10_000_000, 6, (50_000_000, 69_999_998)),
            (70_000_000, 10_000_000, 7, (60_000_000, 69_999_999)),
            (150_000_000, 10_000_000, 15, (140_000_000, 149_999_999)),
            (4_294_967_296, 10_000_000, 429, (4_280_000_000, 4_294_967_295)),
            (50_000_123, 10_000_000, 5, (40_000_000, 50_000_122)),
        ];
        for (size, chunk, count, last) in rows {
            let plan = checked(size, chunk, count).unwrap();
            assert_eq!(plan.chunk_at(chunk * (count - 1)), Some(last), "{size}");
            assert_eq!(plan.chunk_at(chunk * count), None, "{size}");
        }
    }

    #[test]
    fn plans_that_break_a_rule_are_refused() {
        for (size, chunk, count, why) in [
            (70_000_000, 70_000_000, 1, "several chunks"),
            (70_000_000, 64_000_000, 1, "as large as the video"),
            (4_000_000, 5_000_000, 1, "rounded down"),
            (70_000_000, 10_000_000, 8, "rounded down"),
            (20_000_000, 4_000_000, 5, "between 5 MB and 64 MB"),
            (200_000_000, 100_000_000, 2, "between 5 MB and 64 MB"),
            (CAP + 1, 10_000_000, 429, "maximum file size"),
        ] {
            let refused = checked(size, chunk, count).unwrap_err();
            assert!(refused.contains(why), "{size}/{chunk}/{count}: {refused}");
        }
        for missing in ["video_size", "chunk_size", "total_chunk_count"] {
            let mut source = json!({"video_size": 10, "chunk_size": 10, "total_chunk_count": 1});
            source[missing] = json!(0);
            assert!(ChunkPlan::checked(&source, CAP).unwrap_err().contains(missing));
        }
        let thousand_and_one = ChunkPlan {
            video_size: 5_005_000_000,
            chunk_size: 5_000_000,
            total_chunk_count: 1001,
        };
        assert!(thousand_and_one.check(u64::MAX).unwrap_err().contains("1000"));
    }
}
