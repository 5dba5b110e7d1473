//! What cannot be used is refused with a sentence that names the file, what is wrong, and what to do.

use daypart_domain::problem::{Problem, RetryClass, UserAction};

use crate::clips::{Workshop, media};

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
async fn a_recording_cut_inside_its_index() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4");
    let whole = shop.read("moov_end.mp4");
    shop.write("cut.mp4", &whole[..whole.len() - 1000]);
    assert_refused(&shop.refusal("cut.mp4").await, "media.truncated", "cut.mp4");
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
    // The way that takes long enough for the file to grow meanwhile.
    let outcome = media().second_opinion(&path).await;
    stop.cancel();
    writer.join().unwrap();
    let problem = outcome.expect_err("a file in motion");
    assert_eq!(problem.code.as_str(), "file.changed");
    assert_eq!(problem.retry, RetryClass::Transient);
}
