//! Conversions that do not end well: a clear problem, and nothing left behind.

use std::{
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant},
};

use daypart_domain::{
    media_info::MediaInfo,
    problem::Problem,
    transcode_plan::{Rung, TranscodePlan},
};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::{EncodeProgress, MediaEncoder as _, MediaProbe as _};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, footage, media},
    encode::{convert, encode_to, plan},
};

#[tokio::test]
async fn cancelling_in_the_middle_leaves_nothing_behind() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let cancel = CancellationToken::new();
    let cancelled_at: Mutex<Option<Instant>> = Mutex::default();
    let problem = media()
        .encode(
            &source,
            &info,
            &encode_to(1280, 720, None),
            &shop.path("out.mp4"),
            &|_| {
                cancelled_at.lock().unwrap().get_or_insert_with(Instant::now);
                cancel.cancel();
            },
            &cancel,
        )
        .await
        .expect_err("cancelled");
    assert_eq!(problem.code.as_str(), "media.cancelled");
    assert!(shop.names().is_empty(), "{:?}", shop.names());
    let took = cancelled_at
        .into_inner()
        .unwrap()
        .expect("progress was made")
        .elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn dropping_the_conversion_ends_it_and_leaves_nothing_behind() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let progressed = tokio::sync::Notify::new();
    let (media, cancel, out) = (media(), CancellationToken::new(), shop.path("out.mp4"));
    let plan = encode_to(1280, 720, None);
    let observer = |_: EncodeProgress| progressed.notify_one();
    {
        let conversion = media.encode(&source, &info, &plan, &out, &observer, &cancel);
        tokio::pin!(conversion);
        tokio::select! {
            outcome = &mut conversion => panic!("finished before it was dropped: {outcome:?}"),
            () = progressed.notified() => {}
        }
    }
    assert!(shop.names().is_empty(), "{:?}", shop.names());
}

#[tokio::test]
async fn a_source_that_vanished_is_told_and_leaves_nothing_behind() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    std::fs::remove_file(shop.path("base.mp4")).unwrap();
    let problem = media()
        .encode(
            &shop.path("base.mp4"),
            &info,
            &plan(Rung::Remux),
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect_err("no source");
    assert_eq!(problem.code.as_str(), "file.missing");
    assert!(shop.names().is_empty());
}

#[tokio::test]
async fn a_source_that_changed_since_its_probe_is_not_converted() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let mut bytes = shop.read("base.mp4");
    bytes.extend(b"\0\0\0\x08free");
    shop.write("base.mp4", &bytes);
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media()).await;
    assert_eq!(problem.code.as_str(), "file.changed");
    assert_eq!(shop.names(), ["base.mp4"]);
}

async fn convert_known(shop: &Workshop, info: &MediaInfo, plan: &TranscodePlan, media: &Media) -> Problem {
    media
        .encode(
            &shop.path("base.mp4"),
            info,
            plan,
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect_err("a failure")
}

#[tokio::test]
async fn an_ffmpeg_that_outlived_its_daypart_cannot_spoil_the_next_rendition() {
    use std::io::Write as _;
    let shop = Workshop::new().with_base();
    let mut leftover = std::fs::File::create(shop.path("out.mp4.part")).unwrap();
    convert(&shop, &shop.path("base.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    let before = shop.read("out.mp4");
    leftover.write_all(b"written by the one left over").unwrap();
    assert_eq!(shop.read("out.mp4"), before);
    assert_eq!(shop.names(), ["base.mp4", "out.mp4"]);
}

#[tokio::test]
async fn damaged_pictures_are_never_passed_on_by_a_copy() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    let middle = bytes.len() / 2;
    for (index, byte) in bytes[middle..middle + 4000].iter_mut().enumerate() {
        *byte = (index * 37 % 251) as u8;
    }
    shop.write("base.mp4", &bytes);
    let info = shop.info("base.mp4").await;
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media()).await;
    assert_eq!(problem.code.as_str(), "media.verify_failed", "{problem}");
    assert_eq!(shop.names(), ["base.mp4"]);
}

#[tokio::test]
async fn a_disk_without_room_is_told_before_anything_is_written() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let mut plan = encode_to(640, 360, None);
    // Four seconds at this rate need more room than any disk has.
    plan.target.as_mut().unwrap().max_rate_bps = u64::MAX / 8_000;
    let problem = convert_known(&shop, &info, &plan, &media()).await;
    assert_eq!(problem.code.as_str(), "disk.full");
    assert_eq!(shop.names(), ["base.mp4"]);
}

/// ffmpeg with a prologue, beside the real ffprobe.
#[cfg(unix)]
pub fn toolbox_with_ffmpeg(shop: &Workshop, script: &str) -> MediaToolbox {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder: PathBuf = shop.path("tools");
    std::fs::create_dir(&folder).unwrap();
    symlink(MediaToolbox::locate().ffprobe().unwrap(), folder.join("ffprobe")).unwrap();
    let ffmpeg = folder.join("ffmpeg");
    std::fs::write(&ffmpeg, script).unwrap();
    std::fs::set_permissions(&ffmpeg, std::fs::Permissions::from_mode(0o755)).unwrap();
    MediaToolbox::in_folder(folder)
}

#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fills_up_meanwhile_is_told_and_the_part_is_removed() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(
        &shop,
        "#!/bin/sh\nfor last; do :; done\necho half > \"${last#file:}\"\n\
         echo 'av_interleaved_write_frame(): No space left on device' >&2\nexit 228\n",
    );
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &Media::new(toolbox)).await;
    assert_eq!(problem.code.as_str(), "disk.full");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_conversion_that_stops_making_progress_is_ended() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(&shop, "#!/bin/sh\nexec sleep 600\n");
    let media = Media::new(toolbox).with_stall_timeout(Duration::from_millis(300));
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media).await;
    assert_eq!(problem.code.as_str(), "media.encode_stalled");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_crash_of_ffmpeg_is_a_problem_of_this_file_only() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(
        &shop,
        "#!/bin/sh\nfor last; do :; done\necho half > \"${last#file:}\"\nkill -SEGV $$\n",
    );
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &Media::new(toolbox)).await;
    assert_eq!(problem.code.as_str(), "media.encode_failed");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[tokio::test]
async fn nothing_is_converted_that_is_sent_as_it_is() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let problem = convert_known(&shop, &info, &plan(Rung::AsIs), &media()).await;
    assert_eq!(problem.code.as_str(), "daypart.bug");
}
