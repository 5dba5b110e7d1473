//! Frame for frame what ffprobe lists: place, size, time, key, shown or not.

use std::{collections::BTreeMap, path::Path, process::Command};

use daypart_media::index::{IndexFault, MovieIndex, TrackKind};
use serde_json::Value;

use crate::clips::{Workshop, footage};

/// What is compared of a frame, by its place in the file.
#[derive(Debug, PartialEq)]
struct Frame {
    size_bytes: u64,
    is_key: bool,
    /// `None` when hidden by the edit list.
    shown_ticks: Option<i64>,
}

fn ffprobe_packets(path: &Path, stream_index: usize) -> BTreeMap<u64, Frame> {
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-of",
            "json",
            "-show_entries",
            "packet=pts,size,pos,flags",
        ])
        .args(["-select_streams", &stream_index.to_string()])
        .arg(path)
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packets = answer["packets"].as_array().unwrap();
    let number = |packet: &Value, name: &str| packet[name].as_str().unwrap().parse::<u64>().unwrap();
    let is_hidden = |packet: &Value| packet["flags"].as_str().unwrap().contains('D');
    let first = packets
        .iter()
        .filter(|packet| !is_hidden(packet))
        .map(|packet| packet["pts"].as_i64().unwrap())
        .min()
        .unwrap();
    packets
        .iter()
        .map(|packet| {
            let frame = Frame {
                size_bytes: number(packet, "size"),
                is_key: packet["flags"].as_str().unwrap().contains('K'),
                shown_ticks: (!is_hidden(packet)).then(|| packet["pts"].as_i64().unwrap() - first),
            };
            (number(packet, "pos"), frame)
        })
        .collect()
}

/// Compares the picture track; returns how many frames it has and how many of them are shown.
#[track_caller]
fn assert_same_frames(path: &Path) -> (usize, usize) {
    let index = MovieIndex::read(path).unwrap();
    let stream_index = index
        .tracks
        .iter()
        .position(|track| track.kind == TrackKind::Picture)
        .unwrap();
    let table = index.tracks[stream_index].samples().unwrap();
    let packets = ffprobe_packets(path, stream_index);
    let ours: BTreeMap<u64, Frame> = table
        .samples
        .iter()
        .map(|sample| {
            let frame = Frame {
                size_bytes: u64::from(sample.size_bytes),
                is_key: sample.is_key,
                shown_ticks: (!sample.is_hidden).then_some(sample.shown_ticks),
            };
            (sample.offset, frame)
        })
        .collect();
    for (place, packet) in &packets {
        assert_eq!(
            ours.get(place),
            Some(packet),
            "at byte {place} of {}",
            path.display()
        );
    }
    // ffprobe leaves out what lies before the keyframe from which the hidden lead-in is decoded, and after the
    // end: nothing that is shown.
    let left_out = ours.iter().filter(|(place, _)| !packets.contains_key(place));
    assert!(left_out.into_iter().all(|(_, frame)| frame.shown_ticks.is_none()));
    (table.samples.len(), table.shown.len())
}

#[test]
fn a_plain_clip() {
    let shop = Workshop::new().with_base();
    assert_eq!(assert_same_frames(&shop.path("base.mp4")), (120, 120));
}

#[test]
fn an_index_at_the_end_and_offsets_of_64_bits() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy end.mov");
    assert_eq!(assert_same_frames(&shop.path("end.mov")), (120, 120));
}

#[test]
fn frames_decoded_in_another_order_than_shown() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -an -c:v libx264 -preset fast -bf 3 -g 25 -x264-params open-gop=1 b.mp4");
    shop.ffmpeg("-i b.mp4 -c copy -use_editlist 0 -movflags negative_cts_offsets negative.mp4");
    assert_eq!(assert_same_frames(&shop.path("b.mp4")), (120, 120));
    assert_eq!(assert_same_frames(&shop.path("negative.mp4")), (120, 120));
}

#[test]
fn a_lead_in_hidden_by_an_edit_list() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c:v libx264 -preset fast -bf 2 -c:a copy b.mp4");
    shop.ffmpeg("-ss 1.3 -i b.mp4 -c copy -avoid_negative_ts disabled cut.mp4");
    let (stored, shown) = assert_same_frames(&shop.path("cut.mp4"));
    assert_eq!((stored, shown), (120, 81), "2.7 s of 30 frames each");
    let index = MovieIndex::read(&shop.path("cut.mp4")).unwrap();
    let table = index.picture_track(0).unwrap().samples().unwrap();
    assert_eq!(table.duration_us(), 2_700_000);
    assert_eq!(table.keyframes_us(), [0_u64; 0], "the only keyframe is hidden");
}

#[test]
fn a_track_that_begins_late() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-itsoffset 0.7 -i base.mp4 -i base.mp4 -map 0:v -map 1:a -c copy late.mp4");
    assert_same_frames(&shop.path("late.mp4"));
    let index = MovieIndex::read(&shop.path("late.mp4")).unwrap();
    let table = index.picture_track(0).unwrap().samples().unwrap();
    assert_eq!(table.start_us, 700_000);
    assert_eq!(table.at_us(&table.samples[0]), 0);
}

#[test]
fn frames_of_different_length() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -vsync vfr -c:v libx264 vfr.mp4");
    let (stored, shown) = assert_same_frames(&shop.path("vfr.mp4"));
    assert_eq!(stored, shown);
    assert!(stored < 120);
}

#[test]
fn other_codecs_and_a_second_track_of_pictures() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -an -c:v libx265 -preset ultrafast -x265-params log-level=none hevc.mp4");
    shop.ffmpeg("-i base.mp4 -an -frames:v 20 -c:v prores_ks -profile:v 0 prores.mov");
    shop.ffmpeg("-i base.mp4 -i hevc.mp4 -map 0:a -map 1:v -map 0:v -c copy two.mp4");
    assert_same_frames(&shop.path("hevc.mp4"));
    let index = MovieIndex::read(&shop.path("prores.mov")).unwrap();
    let table = index.picture_track(0).unwrap().samples().unwrap();
    assert!(table.samples.iter().all(|sample| sample.is_key));
    let index = MovieIndex::read(&shop.path("two.mp4")).unwrap();
    let tags: Vec<&[u8; 4]> = index.tracks.iter().map(|track| &track.codec_tag).collect();
    assert_eq!(tags, [b"mp4a", b"hev1", b"avc1"]);
    assert!(index.picture_track(0).is_none(), "the first is sound");
}

#[test]
fn sound_packets() {
    let shop = Workshop::new().with_base();
    let index = MovieIndex::read(&shop.path("base.mp4")).unwrap();
    assert_eq!(index.tracks[1].kind, TrackKind::Sound);
    let table = index.tracks[1].samples().unwrap();
    let packets = ffprobe_packets(&shop.path("base.mp4"), 1);
    let ours: Vec<(u64, u64)> = table
        .samples
        .iter()
        .map(|sample| (sample.offset, u64::from(sample.size_bytes)))
        .collect();
    let theirs: Vec<(u64, u64)> = packets
        .iter()
        .map(|(place, packet)| (*place, packet.size_bytes))
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn a_phone_clip_and_an_edited_one() {
    assert_same_frames(&footage("movie1/VID_20191220_170832.mp4"));
    assert_same_frames(&footage("movie2/movie-hello.mp4"));
}

#[test]
fn a_fragmented_movie_says_so() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -movflags frag_keyframe+empty_moov pieces.mp4");
    let index = MovieIndex::read(&shop.path("pieces.mp4")).unwrap();
    assert!(matches!(
        index.picture_track(0).unwrap().samples(),
        Err(IndexFault::Fragmented)
    ));
}

#[test]
fn a_file_that_is_no_movie_has_no_index() {
    let shop = Workshop::new();
    let path = shop.write("x.mp4", b"\0\0\0\x08freewhat is this?");
    assert!(matches!(MovieIndex::read(&path), Err(IndexFault::NoIndex)));
}
