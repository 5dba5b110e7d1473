//! A small movie built of some samples is one that ffmpeg reads.

use std::{fs, path::Path, process::Command};

use daypart_media::index::{ExcerptSample, MovieIndex, excerpt_header};

use crate::clips::Workshop;

fn decoded_hashes(path: &Path, filter: &str) -> Vec<String> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args([
            "-an",
            "-vf",
            filter,
            "-fps_mode",
            "passthrough",
            "-f",
            "framemd5",
            "-",
        ])
        .output()
        .unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_keyframes_alone_decode_to_the_same_pictures_as_within_the_whole() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg(
        "-i base.mp4 -c:v libx264 -preset fast -g 30 -keyint_min 30 -sc_threshold 0 -c:a copy keys.mp4",
    );
    let path = shop.path("keys.mp4");
    let index = MovieIndex::read(&path).unwrap();
    let track = index.picture_track(0).unwrap();
    let file = fs::read(&path).unwrap();
    let table = track.samples().unwrap();
    let keys: Vec<_> = table.samples.iter().filter(|sample| sample.is_key).collect();
    let chosen: Vec<ExcerptSample> = (0_u64..)
        .zip(&keys)
        .map(|(number, sample)| ExcerptSample {
            size_bytes: sample.size_bytes,
            is_key: true,
            description: sample.description,
            decode_ticks: number * u64::from(track.timescale),
            composition_ticks: 0,
        })
        .collect();
    let mut movie = excerpt_header(track, &chosen);
    for sample in &keys {
        movie.extend(&file[sample.offset as usize..sample.end() as usize]);
    }
    let small = shop.write("small.mp4", &movie);
    let hashes = decoded_hashes(&small, "null");
    assert_eq!(hashes.len(), 4);
    assert_eq!(hashes, decoded_hashes(&path, "select='eq(pict_type,I)'"));
}
