//! Conversions that rest.

#![cfg(target_os = "linux")]

use std::{path::Path, time::Duration};

use daypart_ports::media::{EncodeProgress, MediaEncoder as _, MediaProbe as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, footage, media},
    encode::encode_to,
};

/// The state of the process that writes to `part`, as the kernel names it; `None` without such a process.
fn state(part: &Path) -> Option<char> {
    let needle = part.to_string_lossy().into_owned();
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let command = std::fs::read(entry.path().join("cmdline")).ok()?;
        if !String::from_utf8_lossy(&command).contains(&needle) {
            return None;
        }
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        stat.rsplit_once(") ")?.1.chars().next()
    })
}

async fn until_state(part: &Path, wanted: impl Fn(Option<char>) -> bool) {
    while !wanted(state(part)) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_paused_conversion_stands_still_longer_than_the_stall_watch_allows_and_then_ends_well() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let stall_timeout = Duration::from_secs(10);
    let media = media().with_stall_timeout(stall_timeout);
    let (out, part) = (shop.path("out.mp4"), shop.path("out.mp4.part"));
    let (tell, mut told) = mpsc::unbounded_channel();
    let (plan, cancel) = (encode_to(1280, 720, None), CancellationToken::new());
    let observer = |progress: EncodeProgress| tell.send(progress).unwrap();
    let conversion = media.encode(&source, &info, &plan, &out, &observer, &cancel);
    let director = async {
        told.recv().await.unwrap();
        assert!(media.pause(&out));
        until_state(&part, |state| state == Some('T')).await;
        while told.try_recv().is_ok() {}
        tokio::time::sleep(stall_timeout + Duration::from_millis(500)).await;
        assert_eq!(state(&part), Some('T'));
        assert!(told.try_recv().is_err(), "no progress meanwhile");
        assert!(media.resume(&out));
        // Its own clock rested with it: the pace is that of the work alone.
        let next = told.recv().await.unwrap();
        assert!(next.speed.unwrap() > 0.0);
    };
    let (converted, ()) = tokio::join!(conversion, director);
    converted.unwrap();
    assert!(!media.pause(&out), "nothing to pause any more");
    assert_eq!(shop.names(), ["out.mp4"]);
}

#[tokio::test]
async fn a_paused_conversion_is_cancelled_at_once() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let media = media();
    let (out, part) = (shop.path("out.mp4"), shop.path("out.mp4.part"));
    let (tell, mut told) = mpsc::unbounded_channel();
    let (plan, cancel) = (encode_to(1280, 720, None), CancellationToken::new());
    let observer = |_: EncodeProgress| tell.send(()).unwrap();
    let conversion = media.encode(&source, &info, &plan, &out, &observer, &cancel);
    let director = async {
        told.recv().await.unwrap();
        assert!(media.pause(&out));
        until_state(&part, |state| state == Some('T')).await;
        cancel.cancel();
    };
    let (converted, ()) = tokio::join!(conversion, director);
    assert_eq!(converted.expect_err("cancelled").code.as_str(), "media.cancelled");
    assert_eq!(state(&part), None);
    assert!(shop.names().is_empty());
}

#[test]
fn what_does_not_run_cannot_be_paused() {
    assert!(!media().pause(Path::new("/nowhere/out.mp4")));
    assert!(!media().resume(Path::new("/nowhere/out.mp4")));
}
