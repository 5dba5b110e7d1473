//! A tool that crashes, hangs or floods is an error of that one file.

use std::{os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use daypart_domain::problem::RetryClass;
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::MediaProbe as _;

use crate::{
    clips::{Workshop, media},
    witness::Witness,
};

/// A folder with an ffprobe and an ffmpeg that do what `script` says, and a file that only ffprobe can measure.
fn shop_with(script: &str) -> (Workshop, Media) {
    let (shop, media, _) = shop_with_witness(|_| script.to_owned());
    (shop, media)
}

/// The same, with what the tools tell in the file `said`; `script` is given where to.
fn shop_with_witness(script: impl Fn(&str) -> String) -> (Workshop, Media, Witness) {
    let shop = Workshop::new().with_base();
    let witness = Witness::writing(&shop.path("said"));
    let script = script(&witness.redirection());
    shop.ffmpeg("-i base.mp4 -c copy clip.mkv");
    std::fs::create_dir(shop.path("tools")).unwrap();
    for tool in ["ffprobe", "ffmpeg"] {
        let path = shop.path("tools").join(tool);
        std::fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let toolbox = MediaToolbox::in_folder(shop.path("tools")).with_look_timeout(Duration::from_millis(300));
    (shop, Media::new(toolbox), witness)
}

#[tokio::test]
async fn a_crash_is_told_of_the_file_and_the_next_file_is_measured() {
    let (shop, broken) = shop_with("kill -SEGV $$");
    let path = shop.path("clip.mkv");
    let problem = broken.probe(&path).await.expect_err("a crash");
    assert_eq!(problem.code.as_str(), "media.tool_crashed");
    assert!(
        problem.message.contains("clip.mkv") && problem.fix.is_some(),
        "{problem}"
    );
    let info = media().probe(&path).await.unwrap();
    let poster = broken.poster(&path, &info, &shop.path("poster.jpg")).await;
    assert_eq!(poster.expect_err("a crash").code.as_str(), "media.poster_failed");
    assert!(!shop.path("poster.jpg").exists());
}

#[tokio::test]
async fn a_tool_that_hangs_is_stopped_and_gone() {
    let (shop, hanging, _witness) = shop_with_witness(|said| format!("echo $$ {said}; exec /bin/sleep 600"));
    let problem = hanging.probe(&shop.path("clip.mkv")).await.expect_err("a hang");
    assert_eq!(problem.code.as_str(), "media.probe_timeout");
    assert_eq!(problem.retry, RetryClass::Transient);
    let process_id = std::fs::read_to_string(shop.path("said")).unwrap();
    assert!(
        !Path::new("/proc").join(process_id.trim()).exists(),
        "the tool still runs"
    );
}

#[tokio::test]
async fn a_tool_that_never_stops_talking_is_cut_off() {
    let (shop, talking) = shop_with("while :; do echo 0123456789012345678901234567890123456789; done");
    let toolbox = talking
        .toolbox()
        .clone()
        .with_look_timeout(Duration::from_secs(60));
    let problem = Media::new(toolbox)
        .probe(&shop.path("clip.mkv"))
        .await
        .expect_err("a flood");
    assert_eq!(problem.code.as_str(), "media.damaged");
}

#[tokio::test]
async fn both_tools_get_their_limits_and_one_named_input_each_time() {
    let (shop, recording, _witness) =
        shop_with_witness(|said| format!("printf '%s\\n' \"$@\" {said}; echo END {said}; exit 1"));
    let path = shop.path("clip.mkv");
    let info = media().probe(&path).await.unwrap();
    recording.probe(&path).await.expect_err("no answer");
    recording
        .poster(&path, &info, &shop.path("poster.jpg"))
        .await
        .expect_err("no answer");
    let said = std::fs::read_to_string(shop.path("said")).unwrap();
    let calls: Vec<Vec<&str>> = said
        .split("END\n")
        .filter(|call| !call.is_empty())
        .map(|call| call.lines().collect())
        .collect();
    assert!(calls.len() >= 2, "{said}");
    let input = format!("file:{}", path.display());
    for call in calls {
        let after = |option: &str| {
            let at = call.iter().position(|word| *word == option);
            at.and_then(|at| call.get(at + 1)).copied().unwrap_or_default()
        };
        assert_eq!(after("-protocol_whitelist"), "file", "{call:?}");
        assert!(after("-format_whitelist").starts_with("mov,mp4,"), "{call:?}");
        for reader_of_other_files in ["concat", "hls", "dash", "image2", "lavfi", "sdp", "tee"] {
            let allowed = after("-format_whitelist")
                .split(',')
                .any(|format| format == reader_of_other_files);
            assert!(!allowed, "{reader_of_other_files}");
        }
        assert_eq!(after("-max_pixels"), "268435456", "{call:?}");
        assert_eq!(after("-i"), input, "{call:?}");
        assert_eq!(
            call.iter().filter(|word| word.contains("clip.mkv")).count(),
            1,
            "{call:?}"
        );
    }
}
