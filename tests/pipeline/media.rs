//! Checking, planning and converting files, and pictures of them, without any account or data folder.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use daypart_tests::{Clip, Desk, Kind, Practice, Said};
use serde_json::{Value, json};

/// `3 you have to do something first`, as `daypart --help` promises.
const NEEDS_USER: i32 = 3;
/// `4 refused for good`.
const REFUSED: i32 = 4;
/// `6 a passing fault, try again`.
const TRANSIENT: i32 = 6;
const USAGE: i32 = 2;

#[tokio::test]
async fn a_file_that_complies_is_copied_byte_by_byte() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let checked = desk
        .run(&["check", clip.text(), "--to", "tiktok_video", "--json"])
        .await
        .expect(0)
        .json();
    assert_eq!(checked[0]["platform"], "tiktok_video");
    assert_eq!(checked[0]["verdict"], "as_is");
    let planned = plan(&desk, clip.text(), "tiktok_video", &[]).await;
    assert_eq!(planned[0]["rung"], "as_is");
    assert_eq!(planned[0]["expected_bytes"], clip.size_bytes());
    assert_eq!(planned[0]["lost"], json!([]));

    let made = convert(&desk, clip.text(), "tiktok_video", "made.mp4", &[])
        .await
        .expect(0);
    assert_eq!(made.json()["rung"], "as_is");
    let copy = Clip {
        path: desk.file("made.mp4"),
    };
    assert_eq!(copy.sha256(), clip.sha256());
    assert!(!desk.data_dir().exists(), "none of this needs a data folder");
}

#[tokio::test]
async fn a_wrong_codec_is_found_planned_for_and_cured() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("old.mp4", Kind::OldCodec);
    let before = clip.sha256();
    let checked = desk
        .run(&[
            "check",
            clip.text(),
            "--to",
            "tiktok_video,instagram_reels",
            "--json",
        ])
        .await
        .expect(NEEDS_USER)
        .json();
    for judged in checked.as_array().unwrap() {
        assert_eq!(judged["verdict"], "after_conversion", "{judged:#}");
        let finding = finding(judged, "video.codec");
        assert_eq!(finding["severity"], "fixable");
        for fact in ["measured", "limit", "source", "fix"] {
            assert!(
                finding[fact].as_str().is_some_and(|text| !text.is_empty()),
                "{fact} of {finding:#}"
            );
        }
    }

    let planned = plan(&desk, clip.text(), "tiktok_video,instagram_reels", &[]).await;
    let served: Vec<&Value> = planned
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|rendition| rendition["serves"].as_array().unwrap())
        .collect();
    assert_eq!(served, [&json!("tiktok_video"), &json!("instagram_reels")]);
    for rendition in planned.as_array().unwrap() {
        assert_eq!(rendition["rung"], "encode");
        assert!(rendition["expected_bytes"].as_u64() > Some(0));
        assert!(rendition["expected_ms"].as_u64() > Some(0));
        assert_eq!(rendition["time_is_learned"], false);
        assert_eq!(rendition["obstacles"], json!([]));
        let why = rendition["why"].as_array().unwrap();
        assert!(why.iter().any(|why| why["rule"] == "video.codec"), "{why:#?}");
        assert_ne!(rendition["lost"], json!([]));
    }

    let made = convert(&desk, clip.text(), "tiktok_video", "made.mp4", &[])
        .await
        .expect(0);
    assert_eq!(made.json()["media"]["video_codec"], "H.264");
    assert!(
        made.stderr.contains(" left"),
        "no time left was told:\n{}",
        made.stderr
    );
    let path = desk.file("made.mp4");
    let again = desk
        .run(&["check", path.to_str().unwrap(), "--to", "tiktok_video", "--json"])
        .await
        .expect(0)
        .json();
    assert_eq!(again[0]["verdict"], "as_is", "{again:#}");
    assert_eq!(clip.sha256(), before, "the source is only read");
    assert_eq!(names(&desk), ["made.mp4", "old.mp4"]);
}

#[tokio::test]
async fn an_edit_is_judged_planned_and_carried_out() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let edit = |name: &str, start_us: u64, end_us: u64| {
        let document = json!({"version": 1, "ranges": [{"start_us": start_us, "end_us": end_us}]});
        let path = desk.file(name);
        fs::write(&path, document.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    // Nobody but the person can make it longer again.
    let too_short = edit("short.json", 0, 1_000_000);
    let checked = desk
        .run(&[
            "check",
            clip.text(),
            "--to",
            "linkedin_video",
            "--edit",
            &too_short,
            "--json",
        ])
        .await
        .expect(REFUSED)
        .json();
    assert_eq!(finding(&checked[0], "video.duration_min")["severity"], "blocking");
    let refused = convert(
        &desk,
        clip.text(),
        "linkedin_video",
        "made.mp4",
        &["--edit", &too_short],
    )
    .await
    .expect(REFUSED);
    refused.complains("media.refused");
    assert!(!desk.file("made.mp4").exists());

    for (name, start_us, end_us) in [("middle.json", 500_000, 3_700_000), ("head.json", 0, 3_200_000)] {
        let edit = edit(name, start_us, end_us);
        let planned = plan(&desk, clip.text(), "tiktok_video", &["--edit", &edit]).await;
        let why = planned[0]["why"].as_array().unwrap();
        assert!(
            !why.is_empty() && why.iter().all(|why| why["platform"].is_null()),
            "{why:#?}"
        );
        let made = convert(
            &desk,
            clip.text(),
            "tiktok_video",
            "made.mp4",
            &["--force", "--edit", &edit],
        )
        .await
        .expect(0)
        .json();
        let duration_ms = made["media"]["duration_ms"].as_u64().unwrap();
        assert!(duration_ms.abs_diff(3_200) <= 67, "{name}: {duration_ms} ms");
    }

    let beyond = edit("beyond.json", 0, 60_000_000);
    let said = desk
        .run(&["plan", clip.text(), "--to", "tiktok_video", "--edit", &beyond])
        .await
        .expect(NEEDS_USER);
    said.complains("edit.invalid");
    fs::write(desk.file("none.json"), "{\"version\": 1, \"speeed\": 2}").unwrap();
    let none = desk.file("none.json");
    let said = desk
        .run(&[
            "check",
            clip.text(),
            "--to",
            "tiktok_video",
            "--edit",
            none.to_str().unwrap(),
        ])
        .await
        .expect(NEEDS_USER);
    said.complains("edit.invalid").complains("speeed");
}

#[tokio::test]
async fn nothing_that_exists_is_overwritten_unasked_and_the_source_never() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let before = clip.sha256();
    fs::write(desk.file("made.mp4"), "mine").unwrap();
    fs::write(desk.file("made.mp4.part"), "mine too").unwrap();
    let said = convert(&desk, clip.text(), "tiktok_video", "made.mp4", &[])
        .await
        .expect(NEEDS_USER);
    said.complains("output.exists")
        .complains("--force")
        .complains("made.mp4");
    assert_eq!(fs::read(desk.file("made.mp4")).unwrap(), b"mine");
    let said = convert(&desk, clip.text(), "tiktok_video", "clip.mp4", &["--force"])
        .await
        .expect(NEEDS_USER);
    said.complains("output.is_source");
    let path = desk.file("made.mp4");
    let picture = ["cover", clip.text(), "--at", "1", "-o", path.to_str().unwrap()];
    desk.run(&picture)
        .await
        .expect(NEEDS_USER)
        .complains("output.exists");

    convert(&desk, clip.text(), "tiktok_video", "made.mp4", &["--force"])
        .await
        .expect(0);
    assert_eq!(Clip { path }.sha256(), before);
    assert_eq!(clip.sha256(), before);
    assert_eq!(fs::read(desk.file("made.mp4.part")).unwrap(), b"mine too");
    assert_eq!(names(&desk), ["clip.mp4", "made.mp4", "made.mp4.part"]);
}

#[tokio::test]
async fn an_interrupted_conversion_leaves_nothing() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("old.mp4", Kind::OldCodec);
    let out = desk.file("made.mp4");
    let mut converting = desk.start(&[
        "convert",
        clip.text(),
        "--to",
        "tiktok_video",
        "-o",
        out.to_str().unwrap(),
    ]);
    converting.line_with(" %").await;
    let said = converting.terminate().await.expect(TRANSIENT);
    said.complains("media.cancelled");
    assert_eq!(names(&desk), ["old.mp4"]);
}

#[tokio::test]
async fn a_wrong_name_is_answered_with_the_right_ones() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    for command in ["check", "plan"] {
        let said = desk
            .run(&[command, clip.text(), "--to", "tiktok_video,myspace"])
            .await
            .expect(USAGE);
        said.complains("myspace")
            .complains("instagram_reels")
            .complains("youtube_shorts");
        let help = desk.run(&[command, "--help"]).await.expect(0);
        assert!(
            help.stdout.contains("mastodon_video") && help.stdout.contains("Mastodon"),
            "{}",
            help.stdout
        );
        let missing = desk.file("missing.mp4");
        let said = desk
            .run(&[command, missing.to_str().unwrap(), "--to", "tiktok_video"])
            .await
            .expect(NEEDS_USER);
        said.complains("missing.mp4").complains("file.missing");
    }
    for time in ["soon", "-1", "1:60"] {
        desk.run(&["cover", clip.text(), &format!("--at={time}"), "-o", "x.jpg"])
            .await
            .expect(USAGE)
            .complains("e.g. 1:15.5");
    }
    let out = desk.file("late.jpg");
    desk.run(&["cover", clip.text(), "--at", "4", "-o", out.to_str().unwrap()])
        .await
        .expect(NEEDS_USER)
        .complains("cover.beyond_end");
    assert_eq!(names(&desk), ["clip.mp4"]);
}

#[tokio::test]
async fn a_filmstrip_has_all_its_pictures_at_their_places() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let out = desk.file("strip.jpg");
    let strip = desk
        .run(&[
            "filmstrip",
            clip.text(),
            "-o",
            out.to_str().unwrap(),
            "--frames",
            "12",
            "--height",
            "64",
            "--json",
        ])
        .await
        .expect(0)
        .json();
    let times: Vec<u64> = strip["frames"]
        .as_array()
        .unwrap()
        .iter()
        .map(|frame| frame["at_us"].as_u64().unwrap())
        .collect();
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
    assert_eq!(times.len(), 12);
    let (tile_width, tile_height) = (36, 64);
    assert_eq!(strip["tile_width_px"], tile_width);
    assert_eq!(strip["tile_height_px"], tile_height);
    assert_eq!(strip["columns"], 10);
    let sprite = Picture::read(&out);
    assert_eq!((sprite.width, sprite.height), (10 * tile_width, 2 * tile_height));
    for (number, at_us) in times.iter().enumerate() {
        let tile = sprite.part(
            number % 10 * tile_width,
            number / 10 * tile_height,
            tile_width,
            tile_height,
        );
        let frame = Picture::of_frame(&clip.path, frame_at(*at_us), Some((tile_width, tile_height)));
        let distance = tile.distance(&frame);
        assert!(
            distance < 12.0,
            "picture {number} at {at_us} µs is {distance} away from its frame"
        );
    }
}

#[tokio::test]
async fn a_cover_is_the_very_frame_in_full_size() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    // With an index that Daypart reads itself, and one where ffmpeg has to seek.
    for name in ["clip.mp4", "clip.mkv"] {
        let clip = desk.clip(name, Kind::IndexLast);
        for (at, frame) in [("0", 0), ("2.345", 70), ("0:03.99", 119)] {
            let out = desk.file("cover.jpg");
            let cover = desk
                .run(&[
                    "cover",
                    clip.text(),
                    "--at",
                    at,
                    "-o",
                    out.to_str().unwrap(),
                    "--force",
                    "--json",
                ])
                .await
                .expect(0)
                .json();
            let at_us = cover["at_us"].as_u64().unwrap();
            assert!(
                at_us.abs_diff(frame * 1_000_000 / 30) <= 1_000,
                "{name} at {at}: {at_us} µs"
            );
            let picture = Picture::read(&out);
            assert_eq!((picture.width, picture.height), (360, 640));
            let distance = picture.distance(&Picture::of_frame(&clip.path, frame, None));
            let beside = if frame == 0 { 1 } else { frame - 1 };
            let to_neighbour = picture.distance(&Picture::of_frame(&clip.path, beside, None));
            assert!(distance < 4.0, "{name} at {at}: {distance} away from its frame");
            assert!(
                distance < to_neighbour,
                "{name} at {at}: {distance}, to the frame beside it {to_neighbour}"
            );
        }
        let out = desk.file("small.jpg");
        desk.run(&[
            "cover",
            clip.text(),
            "--at",
            "1",
            "-o",
            out.to_str().unwrap(),
            "--height",
            "320",
            "--force",
        ])
        .await
        .expect(0);
        let small = Picture::read(&out);
        assert_eq!((small.width, small.height), (180, 320));
    }
}

#[tokio::test]
async fn good_frames_are_listed_and_the_best_one_is_made() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let before = clip.sha256();
    let list = desk
        .run(&["cover", clip.text(), "--suggest", "--json"])
        .await
        .expect(0)
        .json();
    let list = list.as_array().unwrap();
    assert!((1..=6).contains(&list.len()), "{list:?}");
    assert!(
        list.iter()
            .all(|found| found["at_us"].as_u64().unwrap() < 4_000_000)
    );
    let read = desk.run(&["cover", clip.text(), "--suggest"]).await.expect(0);
    assert_eq!(read.stdout.lines().count(), list.len());
    assert!(
        read.stdout.contains(list[0]["reason"].as_str().unwrap()),
        "{}",
        read.stdout
    );

    let out = desk.file("best.jpg");
    let best = desk
        .run(&[
            "cover",
            clip.text(),
            "--suggest",
            "-o",
            out.to_str().unwrap(),
            "--json",
        ])
        .await
        .expect(0)
        .json();
    assert_eq!(
        (&best["at_us"], &best["reason"]),
        (&list[0]["at_us"], &list[0]["reason"])
    );
    let picture = Picture::read(&out);
    assert_eq!((picture.width, picture.height), (360, 640));
    assert_eq!(clip.sha256(), before);

    for wrong in [
        vec!["--suggest", "--at", "1"],
        vec!["--suggest", "--height", "99"],
        vec!["--at", "1"],
        vec![],
    ] {
        let arguments = [vec!["cover", clip.text()], wrong].concat();
        desk.run(&arguments).await.expect(USAGE);
    }
}

async fn plan(desk: &Desk, clip: &str, to: &str, more: &[&str]) -> Value {
    let mut arguments = vec!["plan", clip, "--to", to, "--json"];
    arguments.extend(more);
    desk.run(&arguments).await.expect(0).json()
}

async fn convert(desk: &Desk, clip: &str, to: &str, out: &str, more: &[&str]) -> Said {
    let out = desk.file(out);
    let mut arguments = vec!["convert", clip, "--to", to, "-o", out.to_str().unwrap(), "--json"];
    arguments.extend(more);
    desk.run(&arguments).await
}

fn finding<'a>(judged: &'a Value, rule: &str) -> &'a Value {
    let findings = judged["findings"].as_array().unwrap();
    findings
        .iter()
        .find(|finding| finding["rule"] == rule)
        .unwrap_or_else(|| panic!("no {rule} in {judged:#}"))
}

/// Everything that lies in the person's folder, hidden files too.
fn names(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.file("")).unwrap();
    let names: BTreeSet<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "passphrase")
        .collect();
    names.into_iter().collect()
}

/// The clips have thirty frames a second; a frame's time is rounded to a microsecond.
fn frame_at(at_us: u64) -> u64 {
    (at_us * 30 + 500_000) / 1_000_000
}

struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    fn read(path: &Path) -> Self {
        let asked = Command::new("ffprobe")
            .args([
                "-v",
                "error",
                "-show_entries",
                "stream=width,height",
                "-of",
                "csv=p=0",
            ])
            .arg(path)
            .output()
            .unwrap();
        let size = String::from_utf8(asked.stdout).unwrap();
        let (width, height) = size.trim().split_once(',').unwrap_or_else(|| panic!("{size:?}"));
        Self {
            width: width.parse().unwrap(),
            height: height.parse().unwrap(),
            rgb: decoded(Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(path)),
        }
    }

    /// Counts frames from the beginning of the file; slow and certain.
    fn of_frame(clip: &Path, number: u64, size: Option<(usize, usize)>) -> Self {
        let (width, height) = size.unwrap_or((360, 640));
        let filter = format!("select=eq(n\\,{number}),scale={width}:{height}:flags=fast_bilinear");
        let rgb = decoded(
            Command::new("ffmpeg")
                .args(["-v", "error", "-i"])
                .arg(clip)
                .args(["-vf", &filter, "-frames:v", "1"]),
        );
        Self { width, height, rgb }
    }

    fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let row = |y: usize| {
            let start = (y * self.width + left) * 3;
            &self.rgb[start..start + width * 3]
        };
        Self {
            width,
            height,
            rgb: (top..top + height).flat_map(row).copied().collect(),
        }
    }

    /// Mean absolute difference of all samples, 0 to 255.
    #[track_caller]
    fn distance(&self, other: &Self) -> f64 {
        assert_eq!(self.rgb.len(), other.rgb.len());
        assert_eq!(self.rgb.len(), self.width * self.height * 3);
        let sum: u64 = self
            .rgb
            .iter()
            .zip(&other.rgb)
            .map(|(one, other)| u64::from(one.abs_diff(*other)))
            .sum();
        sum as f64 / self.rgb.len() as f64
    }
}

fn decoded(ffmpeg: &mut Command) -> Vec<u8> {
    let output = ffmpeg
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
