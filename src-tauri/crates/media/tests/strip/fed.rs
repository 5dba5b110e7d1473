//! What is read: in MP4 and MOV nothing but the frames that are needed.

use std::os::unix::fs::PermissionsExt as _;

use daypart_media::{
    Media, MediaToolbox,
    strip::{Clip, StripRequest, filmstrip},
};
use tokio_util::sync::CancellationToken;

use crate::{clips::Workshop, witness::Witness};

/// The command lines of all ffmpegs that a strip takes.
async fn runs(shop: &Workshop, name: &str, request: StripRequest) -> Vec<String> {
    let info = shop.info(name).await;
    let log = shop.path("log");
    let tools = shop.path("tools");
    std::fs::create_dir_all(&tools).unwrap();
    let _ = std::fs::remove_file(&log);
    let witness = Witness::writing(&log);
    let script = format!(
        "#!/bin/bash\necho \"$*\" {}\nexec ffmpeg \"$@\"\n",
        witness.redirection()
    );
    std::fs::write(tools.join("ffmpeg"), script).unwrap();
    std::fs::set_permissions(tools.join("ffmpeg"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let media = Media::new(MediaToolbox::in_folder(&tools));
    let path = shop.path(name);
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let strip = filmstrip(
        media.toolbox(),
        clip,
        request,
        None,
        &|_| {},
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    assert!(strip.tiles.len() >= 8, "{name}: {}", strip.tiles.len());
    std::fs::read_to_string(log)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_picture_comes_out_of_what_was_fed() {
    let shop = Workshop::new();
    let source = "-f lavfi -i testsrc2=s=320x180:r=30:d=8 -pix_fmt yuv420p";
    let hevc =
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=30:min-keyint=30:scenecut=0";
    shop.ffmpeg(&format!(
        "{source} -c:v libx264 -g 30 -sc_threshold 0 -bf 3 -x264-params open-gop=1 open.mp4"
    ))
    .ffmpeg(&format!("{source} {hevc}:bframes=3:open-gop=1 cra.mp4"))
    .ffmpeg(&format!("{source} {hevc}:open-gop=0 idr.mov"))
    .ffmpeg(&format!(
        "{source} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 30 vp9.mp4"
    ))
    .ffmpeg(&format!("{source} -c:v prores_ks -profile:v 0 prores.mov"));
    let cores = std::thread::available_parallelism().unwrap().get();
    for name in ["open.mp4", "cra.mp4", "idr.mov", "vp9.mp4", "prores.mov"] {
        let runs = runs(&shop, name, StripRequest::whole(8, 90)).await;
        assert!(
            runs.iter().all(|run| run.contains("-i pipe:0")),
            "{name}: {runs:#?}"
        );
        // Keyframes of open groups of H.264 cannot follow each other in one decoder.
        let most = if name == "open.mp4" { 8 } else { cores };
        assert!((1..=most).contains(&runs.len()), "{name}: {}", runs.len());
    }
    for name in ["open.mp4", "cra.mp4", "prores.mov"] {
        let runs = runs(&shop, name, StripRequest::window(1_500_000, 2_500_000, 60, 90)).await;
        assert!(
            runs.iter().all(|run| run.contains("-i pipe:0")),
            "{name}: {runs:#?}"
        );
    }
}
