//! Posts with an edit: what the platforms receive is the video as it was edited, and the person's file is as it was.

use std::path::{Path, PathBuf};

use daypart_tests::{Clip, Desk, Kind, Practice};
use serde_json::{Value, json};

/// What Daypart itself measures of a file.
async fn measured(desk: &Desk, path: &Path) -> Value {
    desk.run(&["probe", &path.display().to_string(), "--json"])
        .await
        .expect(0)
        .json()
}

/// The file that was made and has this hash.
fn made(desk: &Desk, sha256: &Value) -> PathBuf {
    desk.files()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| {
            path.extension().is_some_and(|ending| ending == "mp4")
                && *sha256 == Clip { path: path.clone() }.sha256().as_str()
        })
        .unwrap()
}

#[tokio::test]
async fn a_cut_turned_and_cropped_clip_arrives_so_at_both_platforms() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("whole.mp4", Kind::Compliant);
    let before = clip.sha256();
    let edit = desk.file("edit.json");
    let document = json!({
        "version": 1,
        "ranges": [{"start_us": 200_000, "end_us": 1_700_000}, {"start_us": 2_000_000, "end_us": 3_600_000, "fit": "blur"}],
        "framing": {"aspect": "square"},
    });
    std::fs::write(&edit, document.to_string()).unwrap();

    desk.post(
        &clip,
        "practice-youtube,practice-tiktok",
        &["--edit", &edit.display().to_string()],
    )
    .await
    .expect(0);

    let youtube = practice.only_post("youtube").await["sha256"].clone();
    assert_eq!(
        practice.only_post("tiktok").await["sha256"],
        youtube,
        "one file serves both"
    );
    let sent = measured(&desk, &made(&desk, &youtube)).await;
    assert_eq!(sent["width_px"], sent["height_px"], "{sent:#}");
    assert_eq!(
        sent["width_px"], 640,
        "the part over its blur is shown whole: {sent:#}"
    );
    let duration_ms = sent["duration_ms"].as_u64().unwrap();
    assert!(
        duration_ms.abs_diff(3_100) <= 70,
        "{duration_ms} ms instead of 3100"
    );
    assert_eq!(clip.sha256(), before, "the person's own file is never touched");
}

#[tokio::test]
async fn every_audio_track_is_told_and_the_chosen_one_arrives() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let one = desk.clip("one.mp4", Kind::Compliant);
    let path = desk.file("three tracks.mp4");
    let mixed = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(&one.path)
        .args(["-f", "lavfi", "-i", "anoisesrc=d=4:c=pink:r=48000"])
        .args([
            "-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "0:a", "-c", "copy", "-c:a:1", "aac",
        ])
        .args([
            "-metadata:s:a:0",
            "language=eng",
            "-metadata:s:a:1",
            "language=deu",
        ])
        .args(["-movflags", "+faststart"])
        .arg(&path)
        .status()
        .expect("ffmpeg is installed");
    assert!(mixed.success());

    let tracks = measured(&desk, &path).await["audio_tracks"].clone();
    let told: Vec<(&Value, &Value, &Value)> = tracks
        .as_array()
        .unwrap()
        .iter()
        .map(|track| (&track["stream_index"], &track["language"], &track["is_main"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!(1), &json!("eng"), &json!(true)),
            (&json!(2), &json!("deu"), &json!(false)),
            (&json!(3), &Value::Null, &json!(false)),
        ]
    );
    let said = desk.run(&["probe", &path.display().to_string()]).await.expect(0);
    for line in [
        "track 1     eng, aac, 1 channels, main",
        "track 2     deu, aac, 1 channels",
    ] {
        assert!(said.stdout.contains(line), "{}", said.stdout);
    }

    let edit = desk.file("edit.json");
    std::fs::write(&edit, json!({"version": 1, "sound": {"track": 2}}).to_string()).unwrap();
    let clip = Clip { path };
    desk.post(
        &clip,
        "practice-youtube",
        &["--edit", &edit.display().to_string()],
    )
    .await
    .expect(0);
    let sent = made(&desk, &practice.only_post("youtube").await["sha256"]);
    assert_eq!(
        measured(&desk, &sent).await["audio_tracks"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(sound_packets(&sent, "0:a:0"), sound_packets(&clip.path, "0:2"));
}

/// A hash of the compressed sound.
fn sound_packets(path: &Path, stream: &str) -> String {
    let hashed = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(path)
        .args(["-map", stream, "-c", "copy", "-f", "hash", "-"])
        .output()
        .unwrap();
    assert!(hashed.status.success());
    String::from_utf8(hashed.stdout).unwrap()
}

#[tokio::test]
async fn an_edit_that_does_not_suit_the_video_is_refused_before_anything_is_planned() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("short.mp4", Kind::Compliant);
    let edit = desk.file("edit.json");
    for (document, says) in [
        (
            json!({"version": 1, "ranges": [{"start_us": 0, "end_us": 90_000_000}]}),
            "past the end",
        ),
        (json!({"version": 99}), "newer Daypart"),
        (json!({"version": 1, "crops": []}), "edit"),
    ] {
        std::fs::write(&edit, document.to_string()).unwrap();
        let said = desk
            .post(
                &clip,
                "practice-youtube",
                &["--edit", &edit.display().to_string()],
            )
            .await
            .expect(3);
        said.complains(says);
    }
    assert!(practice.ledger().await.is_empty());
}
