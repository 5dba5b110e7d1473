//! No run of a tool reads or writes a file that is not its own, whatever the tool has been talked into.

use std::path::{Path, PathBuf};

use daypart_domain::{media_info::MediaInfo, problem::Problem};
use daypart_media::{
    Media, MediaToolbox,
    scenes::find_scenes,
    sound::SoundOrder,
    still,
    strip::{Clip, StripRequest, filmstrip},
};
use daypart_ports::media::{MediaEncoder as _, MediaProbe as _};
use landlock::{ABI, Access as _, AccessFs, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _};
use tokio_util::sync::CancellationToken;

use crate::{
    canary::Canary,
    clips::{Workshop, media},
    encode::encode_to,
    encode_faults::toolbox_with_ffmpeg,
};

fn kernel_keeps_fences() -> bool {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V3))
        .and_then(Ruleset::create)
        .is_ok()
}

/// Everything that starts ffmpeg for a file.
const WAYS: [&str; 6] = ["poster", "strip", "still", "sound", "scenes", "conversion"];

async fn go(way: &str, media: &Media, path: &Path, info: &MediaInfo, out: &Path) -> Result<(), Problem> {
    let (clip, cancel) = (Clip { path, info }, CancellationToken::new());
    let toolbox = media.toolbox();
    match way {
        "poster" => media.poster(path, info, out).await,
        "strip" => {
            let request = StripRequest::whole(8, 90);
            let strip = filmstrip(toolbox, clip, request, None, &|_| {}, &cancel);
            strip.await.map(|_| ())
        }
        "still" => still(toolbox, clip, 1_500_000, None, &cancel).await.map(|_| ()),
        "sound" => {
            let order = SoundOrder {
                source: path,
                info,
                track: None,
                cache: None,
            };
            media.sound(order, None, &cancel).await.map(|_| ())
        }
        "scenes" => find_scenes(toolbox, clip, &cancel).await.map(|_| ()),
        _ => {
            let mut plan = encode_to(320, 180, None);
            plan.target.as_mut().unwrap().two_passes = true;
            let conversion = media.encode(path, info, &plan, out, &|_| {}, &cancel);
            conversion.await.map(|_| ())
        }
    }
}

/// An ffmpeg that reads `canary` and writes beside it before it does what it was told.
fn talked_into(shop: &Workshop, canary: &Path) -> MediaToolbox {
    let real = MediaToolbox::locate().ffmpeg().unwrap();
    toolbox_with_ffmpeg(
        shop,
        &format!(
            "#!/bin/sh\n(read -r line < '{canary}'; echo spoiled > '{canary}.new'; echo spoiled >> '{canary}') 2>/dev/null\n\
             exec {} \"$@\"\n",
            real.display(),
            canary = canary.display(),
        ),
    )
}

#[tokio::test]
async fn a_tool_that_has_been_taken_over_reaches_no_file_but_its_own() {
    let shop = Workshop::new().with_base();
    // Matroska is read by ffmpeg itself, MP4 is fed to it where that is possible.
    shop.ffmpeg("-i base.mp4 -c copy clip.mkv");
    let canary_path = shop.write("canary", b"sings\n");
    let media_taken_over = Media::new(talked_into(&shop, &canary_path));
    let canary = Canary::on(&canary_path);
    let fenced = kernel_keeps_fences();
    for name in ["base.mp4", "clip.mkv"] {
        let info = shop.info(name).await;
        for way in WAYS {
            let out = shop.path("out.mp4");
            go(way, &media_taken_over, &shop.path(name), &info, &out)
                .await
                .unwrap_or_else(|problem| panic!("{way} of {name}: {problem}: {:?}", problem.details));
            let _ = std::fs::remove_file(out);
            assert_eq!(canary.was_opened(), !fenced, "{way} of {name}");
        }
    }
    if fenced {
        assert_eq!(shop.read("canary"), b"sings\n");
        assert_eq!(shop.names(), ["base.mp4", "canary", "clip.mkv", "tools"]);
    }
}

/// Files that name another one, each as if it had been put in place of the one that was measured.
fn hostile_files(shop: &Workshop, canary: &Path) -> Vec<PathBuf> {
    let list = format!("ffconcat version 1.0\nfile '{}'\n", canary.display());
    let stream = format!(
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{}\n#EXT-X-ENDLIST\n",
        canary.display()
    );
    let mut elsewhere = shop.read("base.mp4");
    let mut at = 0;
    while let Some(found) = elsewhere[at..].windows(4).position(|window| window == b"url ") {
        at += found + 4;
        elsewhere[at..at + 4].fill(0);
    }
    vec![
        shop.write("list.mp4", list.as_bytes()),
        shop.write("stream.mp4", stream.as_bytes()),
        shop.write("elsewhere.mp4", &elsewhere),
    ]
}

#[tokio::test]
async fn a_file_that_names_another_one_opens_it_in_no_way() {
    let shop = Workshop::new().with_base();
    let canary_path = shop.write("canary.mp4", &shop.read("base.mp4"));
    let files = hostile_files(&shop, &canary_path);
    let good = shop.info("base.mp4").await;
    let canary = Canary::on(&canary_path);
    for path in files {
        let info = MediaInfo {
            size_bytes: path.metadata().unwrap().len(),
            ..good.clone()
        };
        let name = path.file_name().unwrap().to_owned();
        for way in WAYS {
            let outcome = go(way, &media(), &path, &info, &shop.path("out.mp4")).await;
            // One whose data is said to be elsewhere has it nevertheless.
            let has_pictures = name == "elsewhere.mp4";
            assert!(
                has_pictures || outcome.is_err() || way == "scenes",
                "{way} of {name:?}"
            );
            assert!(!canary.was_opened(), "{way} of {name:?} opened the other file");
        }
    }
}
