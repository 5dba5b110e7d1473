//! Cuts on keyframes: the picture's own bits, the sound to the sample, and an encode where that does not work.

use std::{collections::HashSet, path::Path, process::Command};

use daypart_domain::{
    edit::KeptRange,
    transcode_plan::{Cut, Rung, TranscodePlan},
};

use crate::{
    edited::{about, make, ms, pixels, signal, tone, white},
    encode::plan,
};

fn lossless(parts: &[KeptRange]) -> TranscodePlan {
    TranscodePlan {
        parts: parts.to_vec(),
        cut: Some(Cut::Lossless),
        ..plan(Rung::Remux)
    }
}

/// Every compressed picture of a clip, by its hash.
pub fn pictures(clip: &Path) -> Vec<String> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(clip)
        .args([
            "-map",
            "0:v:0",
            "-c",
            "copy",
            "-bsf:v",
            "h264_mp4toannexb,filter_units=remove_types=6-9",
            "-f",
            "framemd5",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

fn assert_own_bits(source: &Path, rendition: &Path) {
    let own: HashSet<String> = pictures(source).into_iter().collect();
    let foreign = pictures(rendition)
        .into_iter()
        .filter(|picture| !own.contains(picture))
        .count();
    assert_eq!(foreign, 0, "pictures that are not the source's");
}

#[tokio::test]
async fn a_part_from_a_keyframe_keeps_its_own_bits_and_its_sound() {
    let shop = signal();
    let rendition = make(&shop, "signal.mp4", &lossless(&[ms(1_000, 4_000)])).await;
    let out = shop.path("out.mp4");
    assert!(
        rendition.duration_ms.abs_diff(3_000) <= 70,
        "{}",
        rendition.duration_ms
    );
    assert_own_bits(&shop.path("signal.mp4"), &out);
    assert_eq!(white(&out, 160, 90), (30, 60));
    about(tone(&out).await, (1_000, 2_000), 25);
    assert_eq!(shop.names(), ["out.mp4", "signal.mp4"]);
}

#[tokio::test]
async fn parts_between_keyframes_are_joined_without_touching_a_picture() {
    let shop = signal();
    shop.ffmpeg("-i signal.mp4 -c:v libx264 -preset veryfast -bf 2 -g 30 -keyint_min 30 -sc_threshold 0 -c:a copy gops.mp4");
    let parts = [ms(4_000, 5_000), ms(2_000, 4_000), ms(0, 1_000)];
    let rendition = make(&shop, "gops.mp4", &lossless(&parts)).await;
    let out = shop.path("out.mp4");
    assert!(
        rendition.duration_ms.abs_diff(4_000) <= 100,
        "{}",
        rendition.duration_ms
    );
    assert_own_bits(&shop.path("gops.mp4"), &out);
    let (first, last) = white(&out, 160, 90);
    about((first as u64, last as u64), (30, 60), 2);
    about(tone(&out).await, (1_000, 2_000), 25);
}

#[tokio::test]
async fn a_turned_clip_stays_turned() {
    let shop = signal();
    shop.ffmpeg("-i signal.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4");
    let rendition = make(&shop, "turned.mp4", &lossless(&[ms(2_000, 4_000)])).await;
    assert_eq!((rendition.video.width_px, rendition.video.height_px), (180, 320));
    assert_own_bits(&shop.path("turned.mp4"), &shop.path("out.mp4"));
}

#[tokio::test]
async fn a_part_that_does_not_start_on_a_keyframe_after_all_is_encoded() {
    let shop = signal();
    let rendition = make(&shop, "signal.mp4", &lossless(&[ms(1_500, 4_000)])).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 2_500);
    assert_eq!(pixels(&out, 160, 90).len(), 75);
    assert_eq!(white(&out, 160, 90), (15, 45));
    about(tone(&out).await, (500, 1_500), 25);
    assert_eq!(shop.names(), ["out.mp4", "signal.mp4"]);
}

/// `gops.mp4`: the signal with B-frames, a keyframe every two seconds.
pub fn with_gops() -> crate::clips::Workshop {
    let shop = signal();
    shop.ffmpeg(
        "-i signal.mp4 -vf noise=alls=6:allf=t -c:v libx264 -preset veryfast -bf 2 -g 60 -keyint_min 60 -sc_threshold 0 \
         -c:a copy gops.mp4",
    );
    shop
}

fn smart(parts: &[KeptRange]) -> TranscodePlan {
    TranscodePlan {
        parts: parts.to_vec(),
        cut: Some(Cut::Smart),
        ..crate::encode::encode_to(320, 180, None)
    }
}

#[tokio::test]
async fn a_smart_cut_encodes_only_up_to_the_next_keyframe() {
    let shop = with_gops();
    // From 1.5 s: half a second of new video, then the source's own.
    let rendition = make(&shop, "gops.mp4", &smart(&[ms(1_500, 4_000), ms(5_000, 5_500)])).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 3_000);
    let own: HashSet<String> = pictures(&shop.path("gops.mp4")).into_iter().collect();
    let all = pictures(&out);
    let copied = all.iter().filter(|picture| own.contains(*picture)).count();
    assert_eq!((all.len(), copied), (90, 60));
    assert_eq!(white(&out, 160, 90), (15, 45));
    about(tone(&out).await, (500, 1_500), 25);
    assert_eq!(shop.names(), ["gops.mp4", "out.mp4", "signal.mp4"]);
}

#[tokio::test]
async fn where_a_smart_cut_is_not_possible_everything_is_encoded_as_exactly() {
    let shop = with_gops();
    shop.ffmpeg("-i signal.mp4 -c:v libx264 -preset veryfast -bf 2 -x264-params open-gop=1:keyint=60:min-keyint=60 -c:a copy open.mp4")
        .ffmpeg("-i signal.mp4 -c:v libx264 -preset veryfast -pix_fmt yuv444p -c:a copy full.mp4");
    for source in ["open.mp4", "full.mp4"] {
        let rendition = make(&shop, source, &smart(&[ms(1_500, 4_500)])).await;
        let out = shop.path("out.mp4");
        let own: HashSet<String> = pictures(&shop.path(source)).into_iter().collect();
        assert!(
            !pictures(&out).iter().any(|picture| own.contains(picture)),
            "{source}: nothing is copied"
        );
        assert_eq!(rendition.duration_ms, 3_000, "{source}");
        assert_eq!(rendition.video.pixel_format, "yuv420p", "{source}");
        assert_eq!(white(&out, 160, 90), (15, 45), "{source}");
        about(tone(&out).await, (500, 1_500), 25);
    }
}
