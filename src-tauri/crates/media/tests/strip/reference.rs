//! The truth: every frame of a clip, decoded by ffmpeg from the beginning to the end.

use std::{
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use daypart_domain::{media_info::MediaInfo, problem::Problem};
use daypart_media::strip::{Clip, Strip, StripRequest, Tile, filmstrip};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::clips::media;

pub struct Frame {
    pub at_us: u64,
    pub rgb: Vec<u8>,
}

/// All shown frames at the size of `tile`, timed from the first one.
pub fn all_frames(path: &Path, info: &MediaInfo, tile: (u32, u32)) -> Vec<Frame> {
    let stream = info.video.stream_index;
    let (width_px, height_px) = tile;
    let pixels = ffmpeg_output(
        Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(path)
            .args([
                "-map",
                &format!("0:{stream}"),
                "-vf",
                &format!("scale={width_px}:{height_px}:flags=fast_bilinear,format=rgb24"),
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                "-",
            ]),
    );
    let listed = ffmpeg_output(
        Command::new("ffprobe")
            .args(["-v", "error", "-select_streams", &stream.to_string()])
            .args([
                "-show_entries",
                "frame=best_effort_timestamp_time",
                "-of",
                "csv=p=0",
            ])
            .arg(path),
    );
    let times: Vec<f64> = String::from_utf8(listed)
        .unwrap()
        .lines()
        // Frames with side data are followed by an empty line.
        .filter(|line| !line.is_empty())
        .map(|line| line.trim_end_matches(',').parse().unwrap())
        .collect();
    let pictures = pixels.chunks_exact((width_px * height_px * 3) as usize);
    assert_eq!(pictures.len(), times.len(), "ffmpeg and ffprobe count alike");
    times
        .iter()
        .zip(pictures)
        .map(|(time, rgb)| Frame {
            at_us: ((time - times[0]) * 1e6).round() as u64,
            rgb: rgb.to_vec(),
        })
        .collect()
}

fn ffmpeg_output(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Mean difference of a colour value, 0..=255.
pub fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: u64 = one
        .iter()
        .zip(other)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / one.len() as f64
}

/// The same from a seventh of the values: enough to tell frames apart, and to ask hundreds of them.
fn rough_difference(one: &[u8], other: &[u8]) -> f64 {
    let thinned = |rgb: &[u8]| rgb.iter().copied().step_by(7).collect::<Vec<u8>>();
    difference(&thinned(one), &thinned(other))
}

/// What `filmstrip` said and gave.
pub struct Made {
    pub strip: Strip,
    /// In the order in which they came.
    pub tiles: Vec<Tile>,
    pub info: MediaInfo,
}

pub async fn try_make(path: &Path, request: StripRequest) -> Result<Made, Problem> {
    let media = media();
    let info = media.probe(path).await?;
    let came = Arc::new(Mutex::new(Vec::new()));
    let on_tile = |tile: &Tile| came.lock().unwrap().push(tile.clone());
    let clip = Clip { path, info: &info };
    let strip = filmstrip(
        media.toolbox(),
        clip,
        request,
        None,
        &on_tile,
        &CancellationToken::new(),
    )
    .await?;
    let tiles = came.lock().unwrap().clone();
    Ok(Made { strip, tiles, info })
}

pub async fn make(path: &Path, request: StripRequest) -> Made {
    let made = try_make(path, request).await.unwrap();
    let mut times: Vec<u64> = made.tiles.iter().map(|tile| tile.at_us).collect();
    times.sort_unstable();
    let marks: Vec<u64> = made.strip.tiles.iter().map(|mark| mark.at_us).collect();
    assert_eq!(times, marks, "what was told is what is in the strip");
    made
}

/// Each tile is the frame of its time and no other. Keyframes are decoded without smoothing, so that they are
/// only nearest to their own frame; all others are that frame to the bit.
#[track_caller]
pub fn assert_true(path: &Path, made: &Made) {
    let size = (made.strip.tile_width_px, made.strip.tile_height_px);
    let frames = all_frames(path, &made.info, size);
    for tile in &made.tiles {
        let own = frames
            .iter()
            .find(|frame| frame.at_us.abs_diff(tile.at_us) <= 2)
            .unwrap_or_else(|| panic!("no frame is shown at {} µs", tile.at_us));
        let distance = difference(&own.rgb, &tile.rgb);
        let bound = if tile.is_key { 4.0 } else { 0.01 };
        assert!(
            distance <= bound,
            "{} at {} µs: {distance}",
            path.display(),
            tile.at_us
        );
        let nearest = frames
            .iter()
            .map(|frame| rough_difference(&frame.rgb, &tile.rgb))
            .fold(f64::MAX, f64::min);
        assert!(
            rough_difference(&own.rgb, &tile.rgb) <= nearest + 0.2,
            "{} at {} µs: {distance}, but {nearest} to another frame",
            path.display(),
            tile.at_us
        );
    }
}
