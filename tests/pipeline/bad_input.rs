//! What a person does wrong, or finds missing: a sentence, a documented exit code, and nothing lost.

use std::{fs, path::Path};

use daypart_tests::{Answer, Desk, Kind, Practice};

/// `3 you have to do something first`, as `daypart --help` promises.
const NEEDS_USER: i32 = 3;
/// `4 refused for good`.
const REFUSED: i32 = 4;
const USAGE: i32 = 2;

#[tokio::test]
async fn a_file_that_is_no_video_is_refused_by_name_and_nothing_is_posted() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let whole = desk.clip("whole.mp4", Kind::IndexLast);
    let bytes = fs::read(&whole.path).unwrap();
    fs::write(desk.file("truncated.mp4"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(desk.file("letter.mp4"), "Dear Ada, this is a letter.".repeat(100)).unwrap();
    fs::write(desk.file("empty.mp4"), "").unwrap();
    fs::create_dir(desk.file("folder.mp4")).unwrap();

    for name in [
        "missing.mp4",
        "letter.mp4",
        "empty.mp4",
        "truncated.mp4",
        "folder.mp4",
    ] {
        let path = desk.file(name);
        let said = desk
            .run(&[
                "post",
                path.to_str().unwrap(),
                "--to",
                "practice-youtube",
                "--caption",
                "x",
            ])
            .await;
        assert!(
            [NEEDS_USER, REFUSED].contains(&said.code.unwrap()),
            "{name}: {said:#?}"
        );
        said.complains(name);
        assert!(!said.stderr.contains("panicked"), "{name}: {}", said.stderr);
        assert_eq!(sentences(&said.stderr), 1, "{name}: {}", said.stderr);
    }
    assert!(practice.ledger().await.is_empty());
    assert!(desk.publications().await.is_empty());
    // Whatever went wrong, a good file goes through.
    desk.post(&whole, "practice-youtube", &[]).await.expect(0);
}

#[tokio::test]
async fn several_files_are_judged_one_by_one() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let good = desk.clip("good.mp4", Kind::Compliant);
    let bad = desk.file("bad.mp4");
    fs::write(&bad, "no video").unwrap();
    let said = desk.run(&["add", bad.to_str().unwrap(), good.text()]).await;
    assert_ne!(said.code, Some(0));
    said.complains("bad.mp4");
    assert!(said.stdout.contains("good.mp4: 360 × 640"), "{}", said.stdout);
}

#[tokio::test]
async fn videos_and_pictures_are_added_in_one_go_and_told_in_the_order_given() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let photo = desk.file("photo.mp4");
    still_of(&clip, &photo);
    let (bad, missing) = (desk.file("bad.jpg"), desk.file("missing.mp4"));
    let whole = fs::read(&photo).unwrap();
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (photo, bad, missing) = (path(&photo), path(&bad), path(&missing));
    let said = desk
        .run(&["add", &photo, &missing, clip.text(), &bad, "--json"])
        .await;
    assert_ne!(said.code, Some(0), "two of them cannot be used");
    let assets = said.json();
    let facts: Vec<_> = assets
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| {
            (
                asset["file_name"].as_str().unwrap(),
                asset["state"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("photo.mp4", "ready"),
            ("missing.mp4", "refused"),
            ("clip.mp4", "ready"),
            ("bad.jpg", "refused")
        ]
    );
    assert_eq!(assets[0]["picture"]["format"], "JPEG");
    assert!(assets[0]["media"].is_null() && assets[2]["picture"].is_null());
    assert_eq!(assets[3]["error"]["code"], "media.truncated");
    let verdicts = assets[0]["compliance"].as_array().unwrap();
    assert!(!verdicts.is_empty() && verdicts.iter().all(|entry| entry["verdict"] == "refused"));

    let probed = desk.run(&["probe", &photo, "--json"]).await.expect(0).json();
    assert_eq!(
        (&probed["width_px"], &probed["height_px"]),
        (&360.into(), &640.into())
    );
    let said = desk.run(&["probe", &photo]).await.expect(0);
    assert!(said.stdout.contains("JPEG picture"), "{}", said.stdout);
}

#[tokio::test]
async fn a_picture_is_not_posted_and_the_platforms_reason_is_told() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let photo = daypart_tests::Clip {
        path: desk.file("photo.jpg"),
    };
    still_of(&clip, &photo.path);
    let said = desk
        .post(&photo, "practice-youtube", &[])
        .await
        .expect(NEEDS_USER);
    said.complains("takes videos only");
    assert!(practice.ledger().await.is_empty());
    assert!(desk.publications().await.is_empty());
}

fn still_of(clip: &daypart_tests::Clip, out: &Path) {
    let made = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-i", clip.text(), "-frames:v", "1", "-f", "mjpeg"])
        .arg(out)
        .status()
        .unwrap();
    assert!(made.success());
}

#[tokio::test]
async fn without_ffmpeg_daypart_says_so_and_keeps_what_it_knows() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    // An MP4 is measured without any tool.
    let clip = desk.clip("clip.mkv", Kind::IndexLast);
    let arguments = Desk::post_arguments(&clip, "practice-youtube", &[]);
    let mut command = desk.command(&arguments);
    command.env("PATH", desk.file("nothing here"));
    let said = daypart_tests::Started::new(&mut command)
        .end()
        .await
        .expect(NEEDS_USER);
    said.complains("ffmpeg").complains("media.ffmpeg_missing");
    assert!(practice.ledger().await.is_empty());
    desk.post(&clip, "practice-youtube", &[]).await.expect(0);
    assert_eq!(practice.ledger().await.len(), 1);
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_added_is_not_sent() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("changes.mp4", Kind::Compliant);
    desk.post(&clip, "practice-youtube", &["--detach"])
        .await
        .expect(0);
    desk.clip("other.mp4", Kind::IndexLast);
    fs::rename(desk.file("other.mp4"), &clip.path).unwrap();

    desk.work_off().await.expect(NEEDS_USER);
    let publication = desk.only_publication().await;
    assert_eq!(publication["state"], "needs_user");
    assert_eq!(publication["error"]["code"], "file.changed");
    assert!(practice.ledger().await.is_empty());
}

#[tokio::test]
async fn a_file_that_went_away_is_asked_for_and_goes_out_when_it_is_back() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("moves.mp4", Kind::Compliant);
    desk.post(&clip, "practice-youtube", &["--detach"])
        .await
        .expect(0);
    // Not a folder of the library: there it would be followed.
    fs::create_dir(desk.file("drawer")).unwrap();
    let away = desk.file("drawer/away.mp4");
    fs::rename(&clip.path, &away).unwrap();

    desk.work_off().await.expect(NEEDS_USER);
    let publication = desk.only_publication().await;
    assert_eq!(publication["error"]["code"], "file.missing");
    assert!(
        publication["error"]["message"]
            .as_str()
            .unwrap()
            .contains("moves.mp4")
    );
    fs::rename(&away, &clip.path).unwrap();
    desk.run(&["retry", publication["id"].as_str().unwrap()])
        .await
        .expect(0);
    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_breaks_nothing() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let vault = desk.data_dir().join("vault.bin");
    let before = fs::read(&vault).unwrap();
    fs::write(desk.file("passphrase"), "incorrect").unwrap();
    let said = desk.run(&["accounts", "list"]).await.expect(NEEDS_USER);
    said.complains("vault.wrong_passphrase");
    assert!(
        !said.stderr.contains("incorrect"),
        "the passphrase is not repeated"
    );
    assert_eq!(fs::read(&vault).unwrap(), before);

    fs::write(desk.file("passphrase"), Desk::PASSPHRASE).unwrap();
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    desk.post(&clip, "practice-youtube", &[]).await.expect(0);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let port = practice.url().rsplit(':').next().unwrap();
    let said = desk.run(&["simulator", "--port", port]).await.expect(NEEDS_USER);
    said.complains(port).complains("practice.port_taken");
}

#[tokio::test]
async fn a_denied_consent_connects_nothing() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    for platform in ["tiktok", "youtube"] {
        let said = desk
            .connect(&practice, platform, "ada", Answer::Deny)
            .await
            .expect(REFUSED);
        said.complains("auth.denied");
    }
    assert_eq!(
        desk.run(&["accounts", "list", "--json"]).await.expect(0).json(),
        serde_json::json!([])
    );
}

#[tokio::test]
async fn practice_never_stands_in_for_real() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let said = desk
        .run(&["post", clip.text(), "--to", "youtube", "--caption", "x"])
        .await
        .expect(NEEDS_USER);
    said.complains("target.unknown");
    let mut elsewhere = desk.command(&["list"]);
    elsewhere.env("DAYPART_PRACTICE_URL", "https://www.googleapis.com");
    let said = daypart_tests::Started::new(&mut elsewhere)
        .end()
        .await
        .expect(REFUSED);
    said.complains("practice.not_loopback");
    assert!(practice.ledger().await.is_empty());
}

#[tokio::test]
async fn a_choice_that_the_platform_insists_on_is_never_made_for_the_person() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let said = desk
        .run(&["post", clip.text(), "--to", "practice-tiktok", "--caption", "x"])
        .await
        .expect(NEEDS_USER);
    said.complains("post.blocked");
    assert!(practice.ledger().await.is_empty());
    assert!(desk.publications().await.is_empty());
}

#[tokio::test]
async fn a_damaged_or_foreign_database_is_refused_and_kept() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    let database = desk.data_dir().join("daypart.db");
    fs::create_dir_all(desk.data_dir()).unwrap();
    fs::write(&database, "not a database ".repeat(500)).unwrap();
    let said = desk.run(&["list"]).await.expect(REFUSED);
    said.complains("store.corrupt").complains("backups");
    assert_eq!(
        fs::read_to_string(&database).unwrap(),
        "not a database ".repeat(500)
    );
}

#[tokio::test]
async fn an_unusable_data_folder_is_named() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    fs::write(desk.data_dir(), "a file where the folder should be").unwrap();
    let said = desk.run(&["list"]).await.expect(REFUSED);
    said.complains("data");
    assert!(Path::new(&desk.data_dir()).is_file());
}

#[tokio::test]
async fn wrong_usage_is_exit_code_two() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    for arguments in [
        vec!["post"],
        vec!["no-such-command"],
        vec!["post", "x.mp4", "--to", "a", "--at", "soon"],
    ] {
        desk.run(&arguments).await.expect(USAGE);
    }
    assert!(
        !desk.data_dir().exists(),
        "nothing is made before the command is understood"
    );
}

/// How many problems were told.
fn sentences(stderr: &str) -> usize {
    stderr
        .lines()
        .filter(|line| line.starts_with("daypart: "))
        .count()
}
