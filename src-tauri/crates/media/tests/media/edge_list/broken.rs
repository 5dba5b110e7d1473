//! Damaged, lying, protected, and what is no video at all.

use super::{
    Case,
    Expected::{Refused, Video},
    lasts, patched, place_of, shown,
};
use crate::clips::{Workshop, patch_after};

fn first_part(shop: &Workshop, of: &str, percent: usize, into: &str) {
    let whole = shop.read(of);
    shop.write(into, &whole[..whole.len() * percent / 100]);
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect()
}

pub(super) const CASES: &[Case] = &[
    Case {
        file: "cut_with_index_first.mp4",
        make: |shop| first_part(shop, "base.mp4", 60, "cut_with_index_first.mp4"),
        expected: Video(|info| {
            lasts(info, 2_200..=2_600);
            assert!(
                (3_950..=4_050).contains(&(info.duration_ms + info.missing_ms)),
                "{} ms missing",
                info.missing_ms
            );
        }),
    },
    Case {
        file: "cut_with_index_last.mp4",
        make: |shop| first_part(shop, "moov_end.mp4", 60, "cut_with_index_last.mp4"),
        expected: Refused("media.truncated", "not finished"),
    },
    Case {
        file: "corrupt.mp4",
        make: |shop| {
            patched(shop, "corrupt.mp4", |bytes| {
                let middle = place_of(bytes, b"mdat") / 2 + bytes.len() / 2;
                bytes[middle..middle + 400].copy_from_slice(&noise(400));
            });
        },
        expected: Video(|info| {
            lasts(info, 3_950..=4_050);
            assert_eq!(info.missing_ms, 0);
        }),
    },
    Case {
        file: "claims_68_years.mp4",
        make: |shop| {
            patched(shop, "claims_68_years.mp4", |bytes| {
                // Version 0: flags, two times and the timescale stand before the length.
                patch_after(bytes, b"mvhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
                patch_after(bytes, b"mdhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
            });
        },
        expected: Video(|info| lasts(info, 3_950..=4_050)),
    },
    Case {
        file: "index_size_lie.mp4",
        make: |shop| {
            patched(shop, "index_size_lie.mp4", |bytes| {
                let at = place_of(bytes, b"moov");
                bytes[at - 4..at].copy_from_slice(&0xFFFF_FFF0_u32.to_be_bytes());
            });
        },
        expected: Video(|info| shown(info, 640, 360)),
    },
    Case {
        file: "sample_count_lie.mp4",
        make: |shop| {
            patched(shop, "sample_count_lie.mp4", |bytes| {
                patch_after(bytes, b"stsz", 8, &0xFFFF_FFF0_u32.to_be_bytes());
            });
        },
        expected: Refused("media.damaged", "damaged"),
    },
    Case {
        file: "picture_size_lie.mp4",
        make: |shop| {
            patched(shop, "picture_size_lie.mp4", |bytes| {
                patch_after(bytes, b"avc1", 24, &[0xFF, 0xFF, 0xFF, 0xFF]);
            });
        },
        expected: Video(|info| shown(info, 640, 360)),
    },
    Case {
        file: "not_self_contained.mp4",
        make: |shop| {
            patched(shop, "not_self_contained.mp4", |bytes| {
                patch_after(bytes, b"url ", 0, &[0, 0, 0, 0]);
            });
        },
        expected: Video(|info| shown(info, 640, 360)),
    },
    Case {
        file: "encrypted.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -c copy -encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff \
                 -encryption_kid 112233445566778899aabbccddeeff00 encrypted.mp4",
            );
        },
        expected: Refused("media.protected", "protected"),
    },
    Case {
        file: "zero.mp4",
        make: |shop| {
            shop.write("zero.mp4", b"");
        },
        expected: Refused("media.empty", "empty"),
    },
    Case {
        file: "text.mp4",
        make: |shop| {
            shop.write("text.mp4", b"hi\n");
        },
        expected: Refused("media.not_video", "text"),
    },
    Case {
        file: "noise.mp4",
        make: |shop| {
            shop.write("noise.mp4", &noise(100_000));
        },
        expected: Refused("media.not_video", "not a video"),
    },
    Case {
        file: "photo_inside.mp4",
        make: |shop| {
            shop.write("photo_inside.mp4", &shop.read("cover.jpg"));
        },
        expected: Refused("media.picture", "picture"),
    },
    Case {
        file: "hls.mp4",
        make: |shop| {
            shop.write(
                "hls.mp4",
                b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
            );
        },
        expected: Refused("media.playlist", "playlist"),
    },
    Case {
        file: "concat.mp4",
        make: |shop| {
            shop.write("concat.mp4", b"ffconcat version 1.0\nfile base.mp4\n");
        },
        expected: Refused("media.playlist", "playlist"),
    },
    Case {
        file: "bomb.png",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i color=black:s=12000x12000 -frames:v 1 -update 1 bomb.png");
        },
        expected: Refused("media.picture", "picture"),
    },
];
