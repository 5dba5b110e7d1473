//! The files of MEDIA.md §7, each with its recipe and what a probe must say of it. Made once per run of the tests.

mod broken;
mod pictures;
mod tracks;

use std::{
    path::PathBuf,
    sync::{Mutex, OnceLock},
    thread,
};

use daypart_domain::media_info::MediaInfo;

use crate::clips::Workshop;

/// One file and what a probe must say of it.
pub struct Case {
    pub file: &'static str,
    make: fn(&Workshop),
    pub expected: Expected,
}

pub enum Expected {
    Video(fn(&MediaInfo)),
    /// The code, and words of the sentence.
    Refused(&'static str, &'static str),
}

/// Every file.
pub fn cases() -> impl Iterator<Item = &'static Case> + Send {
    [pictures::CASES, tracks::CASES, broken::CASES]
        .into_iter()
        .flatten()
}

/// All files, made on first use.
pub fn gallery() -> &'static Workshop {
    static GALLERY: OnceLock<Workshop> = OnceLock::new();
    GALLERY.get_or_init(|| {
        let shop = Workshop::new().with_base();
        shop.write("s.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHello\n");
        shop.ffmpeg("-i base.mp4 -frames:v 1 -update 1 -vf scale=1280:720 cover.jpg")
            .ffmpeg("-i base.mp4 -c copy moov_end.mp4")
            .ffmpeg("-i base.mp4 -c copy -f mpegts plain.ts");
        let waiting = Mutex::new(cases());
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some(case) = { waiting.lock().unwrap().next() } {
                        (case.make)(&shop);
                    }
                });
            }
        });
        shop
    })
}

impl Case {
    pub fn path(&self) -> PathBuf {
        gallery().path(self.file)
    }
}

#[track_caller]
fn lasts(info: &MediaInfo, milliseconds: std::ops::RangeInclusive<u64>) {
    assert!(
        milliseconds.contains(&info.duration_ms),
        "{} ms",
        info.duration_ms
    );
}

#[track_caller]
fn shown(info: &MediaInfo, width_px: u32, height_px: u32) {
    assert_eq!((info.video.width_px, info.video.height_px), (width_px, height_px));
}

fn patched(shop: &Workshop, into: &str, patch: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = shop.read("base.mp4");
    patch(&mut bytes);
    shop.write(into, &bytes);
}

fn place_of(bytes: &[u8], name: &[u8; 4]) -> usize {
    bytes.windows(4).position(|window| window == name).unwrap()
}
