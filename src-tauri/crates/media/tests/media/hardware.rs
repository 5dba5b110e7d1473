//! Which hardware encoders are offered.

#![cfg(target_os = "linux")]

use std::path::Path;

use daypart_media::{HardwareEncoder, Media, MediaToolbox};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, media},
    encode_faults::toolbox_with_ffmpeg,
    witness::Witness,
};

/// An ffmpeg that writes a line into `runs` for each start but those that ask its version, and for which `case` decides
/// what to do with an encoder.
fn toolbox(shop: &Workshop, cases: &str) -> (MediaToolbox, Witness) {
    let ffmpeg = MediaToolbox::locate().ffmpeg().unwrap();
    let witness = Witness::writing(&shop.path("runs"));
    let toolbox = toolbox_with_ffmpeg(
        shop,
        &format!(
            "#!/bin/bash\nreal={}\ncase \"$*\" in *-version*) exec $real -version;; esac\necho run {}\n\
             case \"$*\" in\n{cases}\n*) exec $real \"$@\";; esac\n",
            ffmpeg.display(),
            witness.redirection(),
        ),
    );
    (toolbox, witness)
}

/// Encodes as x264 does, whatever is asked for.
const LIKE_X264: &str =
    "exec $real -v error -f lavfi -i testsrc2=s=640x360:r=30 -frames:v 15 -c:v libx264 -f h264 pipe:1;;";

#[tokio::test]
async fn a_machine_without_such_hardware_encodes_in_software() {
    let has_device = ["/dev/dri", "/dev/nvidia0"]
        .iter()
        .any(|device| Path::new(device).exists());
    let encoders = media()
        .hardware_encoders(&CancellationToken::new())
        .await
        .unwrap();
    assert!(encoders.is_empty() || has_device, "{encoders:?}");
    let shop = Workshop::new();
    let (toolbox, _witness) = toolbox(&shop, "*lavfi*) echo 'Cannot load libcuda.so.1' >&2; exit 1;;");
    let encoders = Media::new(toolbox)
        .hardware_encoders(&CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(encoders, []);
}

#[tokio::test]
async fn only_an_encoder_whose_clip_decodes_again_is_offered() {
    let shop = Workshop::new();
    let (toolbox, _witness) = toolbox(
        &shop,
        &format!(
            "*h264_nvenc*) {LIKE_X264}\n\
             *h264_qsv*) exec $real -v error -f lavfi -i color=black:s=640x360:r=30 -frames:v 15 -c:v libx264 -f h264 pipe:1;;\n\
             *h264_vaapi*) echo 'no such device' >&2; exit 1;;"
        ),
    );
    let encoders = Media::new(toolbox)
        .hardware_encoders(&CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(encoders, [HardwareEncoder::Nvenc]);
}

#[tokio::test]
async fn a_trial_is_made_once_for_a_version_of_ffmpeg() {
    let shop = Workshop::new();
    let (toolbox, _witness) = toolbox(&shop, &format!("*h264_vaapi*) {LIKE_X264}\n*lavfi*) exit 1;;"));
    let media = Media::new(toolbox);
    let cancel = CancellationToken::new();
    let first = media.hardware_encoders(&cancel).await.unwrap();
    let runs = shop.read("runs");
    let again = media.clone().hardware_encoders(&cancel).await.unwrap();
    assert_eq!(first, [HardwareEncoder::Vaapi]);
    assert_eq!(again, first);
    assert_eq!(shop.read("runs"), runs, "no trial more");
}

#[tokio::test]
async fn without_ffmpeg_there_is_nothing_to_try() {
    let shop = Workshop::new();
    let problem = Media::new(MediaToolbox::in_folder(shop.path("nothing here")))
        .hardware_encoders(&CancellationToken::new())
        .await
        .expect_err("no ffmpeg");
    assert_eq!(problem.code.as_str(), "media.ffmpeg_missing");
}
