//! Indexes that claim what is not there, and thousands of damaged ones.

use daypart_media::index::{IndexFault, MovieIndex};

use crate::clips::{Workshop, patch_after};

fn base() -> Vec<u8> {
    Workshop::new().with_base().read("base.mp4")
}

fn picture_fault(bytes: &[u8]) -> IndexFault {
    let shop = Workshop::new();
    let path = shop.write("lie.mp4", bytes);
    let index = MovieIndex::read(&path).unwrap();
    index.picture_track(0).unwrap().samples().unwrap_err()
}

#[test]
fn an_index_of_four_gigabytes() {
    let mut bytes = base();
    let place = bytes.windows(4).position(|window| window == b"moov").unwrap();
    bytes[place - 4..place].copy_from_slice(&0xFFFF_FFF0_u32.to_be_bytes());
    let path = Workshop::new();
    let path = path.write("lie.mp4", &bytes);
    assert!(matches!(
        MovieIndex::read(&path),
        Err(IndexFault::Io(_) | IndexFault::Cut)
    ));
}

#[test]
fn four_billion_samples() {
    for name in [b"stsz", b"stco"] {
        let mut bytes = base();
        let skip = if name == b"stsz" { 8 } else { 4 };
        patch_after(&mut bytes, name, skip, &0xFFFF_FFF0_u32.to_be_bytes());
        assert!(matches!(picture_fault(&bytes), IndexFault::Broken(_)));
    }
    // All of the same size, so that no table stands behind the count.
    let mut bytes = base();
    patch_after(&mut bytes, b"stsz", 4, &[0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xF0]);
    assert!(matches!(picture_fault(&bytes), IndexFault::Broken(_)));
}

#[test]
fn a_run_of_four_billion_times_or_chunks_of_as_many_samples_ends_with_the_samples() {
    let mut bytes = base();
    patch_after(&mut bytes, b"stts", 8, &0xFFFF_FFF0_u32.to_be_bytes());
    patch_after(&mut bytes, b"stsc", 12, &0xFFFF_FFF0_u32.to_be_bytes());
    let shop = Workshop::new();
    let path = shop.write("lie.mp4", &bytes);
    let index = MovieIndex::read(&path).unwrap();
    assert_eq!(
        index.picture_track(0).unwrap().samples().unwrap().samples.len(),
        120
    );
}

#[test]
fn a_header_of_68_years_changes_no_time() {
    let mut bytes = base();
    patch_after(&mut bytes, b"mvhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
    patch_after(&mut bytes, b"mdhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
    let shop = Workshop::new();
    let path = shop.write("long.mp4", &bytes);
    let index = MovieIndex::read(&path).unwrap();
    let table = index.picture_track(0).unwrap().samples().unwrap();
    assert_eq!(table.duration_us(), 4_000_000);
}

#[test]
fn media_data_in_another_file_is_not_looked_for() {
    let mut bytes = base();
    patch_after(&mut bytes, b"url ", 0, &[0, 0, 0, 0]);
    assert!(matches!(picture_fault(&bytes), IndexFault::External));
}

#[test]
fn encrypted_media_data_is_not_an_index_to_go_by() {
    let shop = Workshop::new().with_base();
    let key = "76a6c65c5ea762046bd749a2e632ccbb";
    shop.ffmpeg(&format!(
        "-i base.mp4 -c copy -encryption_scheme cenc-aes-ctr -encryption_key {key} -encryption_kid {key} p.mp4"
    ));
    assert!(matches!(
        picture_fault(&shop.read("p.mp4")),
        IndexFault::Protected
    ));
}

/// What holds for every index that is not refused, however damaged.
fn assert_bounded(moov: &[u8], size_bytes: u64, seed: u64) {
    let Ok(index) = MovieIndex::parse(moov, size_bytes) else {
        return;
    };
    for table in index.tracks.iter().filter_map(|track| track.samples().ok()) {
        assert!(table.samples.len() <= 1 << 20, "seed {seed}");
        assert!(table.shown.len() <= table.samples.len(), "seed {seed}");
        let times: Vec<i64> = table
            .in_shown_order()
            .map(|(_, sample)| sample.shown_ticks)
            .collect();
        assert!(
            times.is_sorted() && times.first().is_none_or(|first| *first == 0),
            "seed {seed}"
        );
        for (place, sample) in table.in_shown_order() {
            assert!(table.decoding_start(place) <= place, "seed {seed}");
            assert!(sample.end() >= sample.offset, "seed {seed}");
        }
    }
}

#[test]
fn twenty_thousand_damaged_indexes_neither_panic_nor_grow() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled cut.mp4");
    shop.ffmpeg("-i base.mp4 -frames:v 40 -c:v libx264 -bf 3 -g 10 b.mp4");
    let moovs: Vec<(Vec<u8>, u64)> = ["base.mp4", "cut.mp4", "b.mp4"]
        .map(|name| {
            let bytes = shop.read(name);
            let place = bytes.windows(4).position(|window| window == b"moov").unwrap();
            let length = u32::from_be_bytes(bytes[place - 4..place].try_into().unwrap()) as usize;
            (bytes[place + 4..place - 4 + length].to_vec(), bytes.len() as u64)
        })
        .into();
    let numbers = [
        0,
        1,
        2,
        0x7F,
        0x80,
        0xFF,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFF0,
        0xFFFF_FFFF,
    ];
    for seed in 1..=20_000_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut below = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % bound as u64) as usize
        };
        let (moov, size_bytes) = &moovs[below(moovs.len())];
        let mut moov = moov.clone();
        for _ in 0..=below(4) {
            if moov.len() < 64 {
                break;
            }
            let place = below(moov.len() - 8);
            match below(4) {
                0 => moov[place] = below(256) as u8,
                1 => moov[place..place + 4].copy_from_slice(&u32::to_be_bytes(numbers[below(numbers.len())])),
                2 => drop(moov.drain(place..place + 1 + below(7))),
                _ => moov.truncate(place + 8),
            }
        }
        assert_bounded(&moov, *size_bytes, seed);
    }
}
