//! What cannot be used is refused with a sentence that names the file, what is wrong, and what to do.

use daypart_domain::problem::{Problem, RetryClass, UserAction};
use daypart_ports::media::MediaProbe as _;

use crate::clips::{Workshop, media, patch_after};

#[track_caller]
fn assert_refused(problem: &Problem, code: &str, name: &str) {
    assert_eq!(problem.code.as_str(), code, "{problem}");
    assert!(problem.message.contains(name), "{problem}");
    assert!(
        problem.fix.as_deref().is_some_and(|fix| fix.ends_with('.')),
        "{problem}"
    );
    assert_eq!(
        problem.retry,
        RetryClass::NeedsUser {
            action: UserAction::ReplaceFile
        }
    );
}

#[tokio::test]
async fn zero_bytes() {
    let shop = Workshop::new();
    shop.write("zero.mp4", b"");
    assert_refused(&shop.refusal("zero.mp4").await, "media.empty", "zero.mp4");
}

#[tokio::test]
async fn text_named_like_a_video() {
    let shop = Workshop::new();
    shop.write("note.mp4", b"hi\n");
    let problem = shop.refusal("note.mp4").await;
    assert_refused(&problem, "media.not_video", "note.mp4");
    assert!(problem.message.contains("text"), "{problem}");
}

#[tokio::test]
async fn random_bytes() {
    let shop = Workshop::new();
    let mut state = 0x9E37_79B9_u32;
    let noise: Vec<u8> = (0..100_000)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect();
    shop.write("noise.mp4", &noise);
    assert_refused(&shop.refusal("noise.mp4").await, "media.not_video", "noise.mp4");
}

#[tokio::test]
async fn a_folder() {
    let shop = Workshop::new();
    std::fs::create_dir(shop.path("clips.mp4")).unwrap();
    assert_refused(&shop.refusal("clips.mp4").await, "media.directory", "clips.mp4");
}

#[tokio::test]
async fn a_file_that_is_not_there() {
    let shop = Workshop::new();
    assert_refused(&shop.refusal("gone.mp4").await, "file.missing", "gone.mp4");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_refused_instead_of_waited_for() {
    let shop = Workshop::new();
    let made = std::process::Command::new("mkfifo")
        .arg(shop.path("pipe.mp4"))
        .status()
        .unwrap();
    assert!(made.success());
    assert_refused(&shop.refusal("pipe.mp4").await, "media.not_video", "pipe.mp4");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_cannot_be_opened() {
    let shop = Workshop::new();
    std::os::unix::fs::symlink(shop.path("loop.mp4"), shop.path("loop.mp4")).unwrap();
    assert_refused(&shop.refusal("loop.mp4").await, "file.unreadable", "loop.mp4");
}

#[tokio::test]
async fn a_recording_cut_short_with_its_index_first() {
    let shop = Workshop::new().with_base();
    let whole = shop.read("base.mp4");
    shop.write("cut.mp4", &whole[..whole.len() * 6 / 10]);
    let problem = shop.refusal("cut.mp4").await;
    assert_refused(&problem, "media.truncated", "cut.mp4");
    assert!(
        problem.message.contains(" 5") && problem.message.contains('%'),
        "{problem}"
    );
}

#[tokio::test]
async fn a_recording_cut_short_before_its_index() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4");
    let whole = shop.read("moov_end.mp4");
    shop.write("cut.mp4", &whole[..whole.len() * 6 / 10]);
    let problem = shop.refusal("cut.mp4").await;
    assert_refused(&problem, "media.truncated", "cut.mp4");
    assert!(problem.message.contains("not finished"), "{problem}");
}

#[tokio::test]
async fn a_recording_cut_inside_its_index() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4");
    let whole = shop.read("moov_end.mp4");
    shop.write("cut.mp4", &whole[..whole.len() - 1000]);
    assert_refused(&shop.refusal("cut.mp4").await, "media.truncated", "cut.mp4");
}

#[tokio::test]
async fn sound_without_a_picture() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -vn song.m4a");
    assert_refused(&shop.refusal("song.m4a").await, "media.sound_only", "song.m4a");
}

#[tokio::test]
async fn sound_with_a_cover_picture() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -frames:v 1 -update 1 cover.jpg").ffmpeg(
        "-i base.mp4 -i cover.jpg -map 0:a -map 1:v -c:a copy -c:v copy -disposition:v:0 attached_pic song.m4a",
    );
    assert_refused(&shop.refusal("song.m4a").await, "media.sound_only", "song.m4a");
}

#[tokio::test]
async fn a_picture_named_like_a_video() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -frames:v 1 -update 1 still.jpg");
    std::fs::rename(shop.path("still.jpg"), shop.path("still.mp4")).unwrap();
    assert_refused(&shop.refusal("still.mp4").await, "media.picture", "still.mp4");
}

#[tokio::test]
async fn an_encrypted_file() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg(
        "-i base.mp4 -c copy -encryption_scheme cenc-aes-ctr \
         -encryption_key 00112233445566778899aabbccddeeff -encryption_kid 112233445566778899aabbccddeeff00 locked.mp4",
    );
    assert_refused(&shop.refusal("locked.mp4").await, "media.protected", "locked.mp4");
}

#[tokio::test]
async fn a_sample_count_that_no_file_could_hold() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    patch_after(&mut bytes, b"stsz", 8, &0xFFFF_FFF0_u32.to_be_bytes());
    shop.write("lie.mp4", &bytes);
    let problem = shop.refusal("lie.mp4").await;
    assert_refused(&problem, "media.damaged", "lie.mp4");
}

#[tokio::test]
async fn a_file_that_is_still_being_written_is_given_back_for_later() {
    let shop = Workshop::new().with_base();
    let path = shop.path("base.mp4");
    let stop = tokio_util::sync::CancellationToken::new();
    let writer = std::thread::spawn({
        let (path, stop) = (path.clone(), stop.clone());
        move || {
            use std::io::Write as _;
            let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
            while !stop.is_cancelled() {
                // A box of free space keeps the file valid while it grows.
                file.write_all(b"\0\0\0\x08free").unwrap();
            }
        }
    });
    let outcome = media().probe(&path).await;
    stop.cancel();
    writer.join().unwrap();
    let problem = outcome.expect_err("a file in motion");
    assert_eq!(problem.code.as_str(), "file.changed");
    assert_eq!(problem.retry, RetryClass::Transient);
}
