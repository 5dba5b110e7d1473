//! How files are cut, against the platforms' contracts.

use daypart_domain::chunk_plan::{Chunk, ChunkPlan, ChunkRule};
use proptest::prelude::*;

/// TikTok §4.1.
const TIKTOK: ChunkRule = ChunkRule::FloorWithLongTail {
    single_max_bytes: 64_000_000,
    chunk_bytes: 10_000_000,
};
/// YouTube §4: 16 MiB, 64 times the unit of 256 KiB.
const YOUTUBE: ChunkRule = ChunkRule::ShortTail {
    grain_bytes: YOUTUBE_UNIT_BYTES,
    chunk_bytes: 16 << 20,
};
const YOUTUBE_UNIT_BYTES: u64 = 262_144;
const TIKTOK_FILE_MAX_BYTES: u64 = 4 << 30;

fn plan(rule: ChunkRule, size_bytes: u64) -> ChunkPlan {
    ChunkPlan::new(rule, size_bytes).unwrap()
}

fn chunks(plan: &ChunkPlan) -> Vec<Chunk> {
    let mut offset = 0;
    std::iter::from_fn(|| {
        let chunk = plan.chunk_at(offset)?;
        offset += chunk.length;
        Some(chunk)
    })
    .collect()
}

#[test]
fn tiktoks_table() {
    // size, chunk size, count, first and last byte of the last chunk
    let table: [(u64, u64, u64, u64, u64); 8] = [
        (1, 1, 1, 0, 0),
        (4_999_999, 4_999_999, 1, 0, 4_999_998),
        (64_000_000, 64_000_000, 1, 0, 63_999_999),
        (64_000_001, 10_000_000, 6, 50_000_000, 64_000_000),
        (69_999_999, 10_000_000, 6, 50_000_000, 69_999_998),
        (70_000_000, 10_000_000, 7, 60_000_000, 69_999_999),
        (150_000_000, 10_000_000, 15, 140_000_000, 149_999_999),
        (4_294_967_296, 10_000_000, 429, 4_280_000_000, 4_294_967_295),
    ];
    for (size_bytes, chunk_bytes, chunk_count, first, last) in table {
        let plan = plan(TIKTOK, size_bytes);
        assert_eq!(
            (plan.chunk_bytes, plan.chunk_count),
            (chunk_bytes, chunk_count),
            "{size_bytes}"
        );
        let tail = plan.chunk_at(plan.last_offset()).unwrap();
        assert!(tail.is_last);
        assert_eq!(
            (tail.offset, tail.offset + tail.length - 1),
            (first, last),
            "{size_bytes}"
        );
    }
}

#[test]
fn tiktoks_documented_example_has_five_chunks_the_last_with_the_remainder() {
    let rule = ChunkRule::FloorWithLongTail {
        single_max_bytes: 10_000_000,
        chunk_bytes: 10_000_000,
    };
    let plan = plan(rule, 50_000_123);
    assert_eq!(plan.chunk_count, 5);
    let tail = plan.chunk_at(40_000_000).unwrap();
    assert_eq!(
        (tail.index, tail.offset, tail.length),
        (4, 40_000_000, 10_000_123)
    );
}

#[test]
fn youtubes_last_chunk_is_cut_off_apart() {
    // size, offsets of the chunks
    let unit = YOUTUBE_UNIT_BYTES;
    let table: [(u64, &[u64]); 6] = [
        (1, &[0]),
        (unit, &[0]),
        (unit + 1, &[0, unit]),
        (16 << 20, &[0, (16 << 20) - unit]),
        ((16 << 20) + 1, &[0, 16 << 20]),
        ((16 << 20) + unit + 7, &[0, 16 << 20, (16 << 20) + unit]),
    ];
    for (size_bytes, offsets) in table {
        let found: Vec<u64> = chunks(&plan(YOUTUBE, size_bytes))
            .iter()
            .map(|chunk| chunk.offset)
            .collect();
        assert_eq!(found, offsets, "{size_bytes}");
    }
}

#[test]
fn an_empty_file_has_no_plan() {
    assert_eq!(ChunkPlan::new(TIKTOK, 0), None);
    assert_eq!(ChunkPlan::new(YOUTUBE, 0), None);
}

#[test]
fn there_is_nothing_at_or_past_the_end() {
    for size_bytes in [1, 64_000_001, 8 << 20] {
        let plan = plan(TIKTOK, size_bytes);
        assert_eq!(plan.chunk_at(size_bytes), None);
        assert_eq!(plan.chunk_at(size_bytes + 1), None);
        assert_eq!(plan.edge_at_or_before(size_bytes + 1), size_bytes);
    }
}

/// Sizes at and beside the edges as often as sizes from anywhere.
fn any_size(max_bytes: u64) -> impl Strategy<Value = u64> {
    let beside = prop::sample::select(vec![
        5_000_000_u64,
        10_000_000,
        64_000_000,
        128_000_000,
        8 << 20,
        256 << 10,
    ]);
    prop_oneof![
        1..=max_bytes,
        (beside, 1..50_u64, 0..3_u64).prop_map(move |(unit, times, beside)| (unit * times + beside)
            .saturating_sub(1)
            .clamp(1, max_bytes)),
    ]
}

proptest! {
    #[test]
    fn chunks_cover_the_file_without_gap_or_overlap(size_bytes in any_size(TIKTOK_FILE_MAX_BYTES), youtube in any::<bool>()) {
        let plan = plan(if youtube { YOUTUBE } else { TIKTOK }, size_bytes);
        let chunks = chunks(&plan);
        prop_assert_eq!(u64::try_from(chunks.len()).unwrap(), plan.chunk_count);
        let mut end = 0;
        for (index, chunk) in chunks.iter().enumerate() {
            prop_assert_eq!(chunk.index, u64::try_from(index).unwrap());
            prop_assert_eq!(chunk.offset, end);
            prop_assert!(chunk.length > 0);
            prop_assert_eq!(chunk.is_last, index + 1 == chunks.len());
            end += chunk.length;
        }
        prop_assert_eq!(end, size_bytes);
        prop_assert_eq!(plan.last_offset(), chunks.last().unwrap().offset);
    }

    #[test]
    fn tiktoks_bounds_hold_for_any_size(size_bytes in any_size(TIKTOK_FILE_MAX_BYTES)) {
        let plan = plan(TIKTOK, size_bytes);
        prop_assert!((1..=1000).contains(&plan.chunk_count));
        prop_assert_eq!(plan.chunk_count, size_bytes / plan.chunk_bytes, "as TikTok computes it");
        let chunks = chunks(&plan);
        if let [one] = chunks.as_slice() {
            prop_assert!(one.length <= 64_000_000);
            prop_assert_eq!(plan.chunk_bytes, size_bytes);
        } else {
            let (last, others) = chunks.split_last().unwrap();
            prop_assert!(others.iter().all(|chunk| (5_000_000..=64_000_000).contains(&chunk.length)));
            prop_assert!((5_000_000..=128_000_000).contains(&last.length));
        }
    }

    #[test]
    fn youtubes_chunks_are_whole_units_but_for_the_last_which_is_one_unit_at_most(size_bytes in any_size(256 << 30)) {
        let plan = plan(YOUTUBE, size_bytes);
        let last = plan.chunk_at(plan.last_offset()).unwrap();
        prop_assert!(last.is_last && last.length <= YOUTUBE_UNIT_BYTES);
        for index in [0, plan.chunk_count.saturating_sub(2) / 2, plan.chunk_count.saturating_sub(2)] {
            let chunk = plan.chunk_at(index * plan.chunk_bytes).unwrap();
            prop_assert_eq!(chunk.offset % YOUTUBE_UNIT_BYTES, 0);
            prop_assert!(chunk.is_last || chunk.length.is_multiple_of(YOUTUBE_UNIT_BYTES));
            prop_assert!(chunk.length <= 16 << 20);
        }
    }

    #[test]
    fn resuming_anywhere_ends_at_the_same_edge(size_bytes in any_size(TIKTOK_FILE_MAX_BYTES), part in 0.0..1.0_f64, youtube in any::<bool>()) {
        let plan = plan(if youtube { YOUTUBE } else { TIKTOK }, size_bytes);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any offset will do")]
        let offset = ((size_bytes as f64 * part) as u64).min(size_bytes - 1);
        let edge = plan.edge_at_or_before(offset);
        prop_assert!(edge <= offset);
        let (whole, rest) = (plan.chunk_at(edge).unwrap(), plan.chunk_at(offset).unwrap());
        prop_assert_eq!(whole.offset + whole.length, rest.offset + rest.length);
        prop_assert_eq!((whole.index, whole.is_last), (rest.index, rest.is_last));
        prop_assert_eq!(plan.chunk_at(edge.saturating_sub(1)).unwrap().index, whole.index.saturating_sub(1));
    }
}
