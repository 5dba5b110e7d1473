//! Wishes at the terminal: new video or none, one file or one for each, several qualities.

use std::{fs, path::Path, process::Command};

use daypart_tests::{Desk, Kind, Practice};
use serde_json::{Value, json};

const NEEDS_USER: i32 = 3;
const REFUSED: i32 = 4;

fn size_bytes(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[tokio::test]
async fn several_qualities_are_several_files() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let out = desk.file("made.mp4");
    let convert = [
        "convert",
        clip.text(),
        "--to",
        "tiktok_video",
        "-o",
        out.to_str().unwrap(),
    ];
    let qualities = ["--quality", "smaller", "--quality", "best"];
    desk.run(&[&convert[..], &qualities].concat())
        .await
        .expect(NEEDS_USER)
        .complains("convert.one_quality");
    let made = desk
        .run(&[&convert[..], &qualities, &["--reencode", "always", "--json"]].concat())
        .await
        .expect(0)
        .json();
    let names: Vec<&Value> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["quality"])
        .collect();
    assert_eq!(names, ["smaller", "best"]);
    let (smaller, best) = (desk.file("made-smaller.mp4"), desk.file("made-best.mp4"));
    assert!(size_bytes(&smaller) < size_bytes(&best));
    assert_eq!(made[1]["path"], best.to_str().unwrap());
    assert!(!out.exists(), "each version has its own name");
}

#[tokio::test]
async fn a_re_encode_that_is_ruled_out_is_an_obstacle_with_words() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("old.mp4", Kind::OldCodec);
    let plan = [
        "plan",
        clip.text(),
        "--to",
        "tiktok_video",
        "--reencode",
        "never",
        "--json",
    ];
    let planned = desk.run(&plan).await.expect(REFUSED).json();
    let obstacle = &planned[0]["obstacles"][0];
    assert_eq!(obstacle["rule"], "video.codec");
    let message = obstacle["message"].as_str().unwrap();
    assert!(
        message.ends_with("Only new video would do it, which you ruled out."),
        "{message}"
    );
    assert_ne!(planned[0]["rung"], "encode");
}

#[tokio::test]
async fn a_narrow_platform_does_not_shrink_the_others_when_each_gets_its_own() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.file("large.mp4");
    let made = Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=1080x1920:r=30:d=1",
        ])
        .args(["-c:v", "mpeg4"])
        .arg(&clip)
        .status()
        .unwrap();
    assert!(made.success());
    let planned = async |files: &str| {
        let clip = clip.to_str().unwrap();
        let plan = [
            "plan",
            clip,
            "--to",
            "x_video,bluesky_video",
            "--files",
            files,
            "--json",
        ];
        let planned = desk.run(&plan).await.expect(0).json();
        let serves = planned
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["serves"].clone());
        serves.collect::<Vec<Value>>()
    };
    assert_eq!(planned("fewest").await, [json!(["x_video", "bluesky_video"])]);
    let mut each = planned("each").await;
    each.sort_by_key(ToString::to_string);
    assert_eq!(each, [json!(["bluesky_video"]), json!(["x_video"])]);
}
