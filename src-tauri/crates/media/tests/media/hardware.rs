//! Which hardware encoders are offered.

#![cfg(target_os = "linux")]

use std::path::Path;

use daypart_domain::transcode_plan::HardwareEncoder;
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::MediaEncoder as _;
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
            "#!/bin/bash\nreal={}\ncase \"$*\" in *-version*) exec $real -version;; esac\necho run {runs}\n\
             {told}\ncase \"$*\" in\n{cases}\n*) exec $real \"$@\";; esac\n",
            ffmpeg.display(),
            runs = witness.redirection(),
            told = TOLD.replace('@', &witness.redirection()),
        ),
    );
    (toolbox, witness)
}

/// Encodes as x264 does, whatever is asked for.
const LIKE_X264: &str = "exec $real -v error -f lavfi -i testsrc2=s=640x360:r=30 -frames:v 15 -c:v libx264 -preset superfast -profile:v high -pix_fmt yuv420p -f h264 pipe:1;;";

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
             *h264_qsv*) exec $real -v error -f lavfi -i color=black:s=640x360:r=30 -frames:v 15 -c:v libx264 -profile:v high -f h264 pipe:1;;\n\
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

/// Takes what nvenc is told and lets x264 do it.
const AS_X264: &str = "for word; do shift; case \"$word\" in h264_nvenc) word=libx264;; p5) word=superfast;; -tune) \
     word=-threads;; hq) word=1;; -rc) word=-refs;; vbr) word=1;; esac; set -- \"$@\" \"$word\"; done; exec $real \"$@\";;";

/// What became of a conversion that hardware is to make.
async fn converted(cases: &str) -> (u32, Vec<String>) {
    let shop = Workshop::new().with_base();
    let (toolbox, _witness) = toolbox(&shop, cases);
    let media = Media::new(toolbox);
    let info = shop.info("base.mp4").await;
    let mut plan = crate::encode::encode_to(320, 180, None);
    plan.target.as_mut().unwrap().hardware = Some(HardwareEncoder::Nvenc);
    let made = media
        .encode(
            &shop.path("base.mp4"),
            &info,
            &plan,
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    let starts = String::from_utf8(shop.read("runs")).unwrap();
    let encodes = starts
        .lines()
        .filter_map(|line| line.strip_prefix("encode "))
        .map(str::to_owned)
        .collect();
    (made.video.width_px, encodes)
}

/// Writes which encoder makes a file, before whatever the other cases do.
const TOLD: &str = "case \"$*\" in *out.mp4.part*h264_nvenc*|*h264_nvenc*out.mp4.part*) echo 'encode nvenc' @;; *libx264*out.mp4.part*) echo \
     'encode x264' @;; esac";

#[tokio::test]
async fn hardware_that_passed_makes_the_file_and_software_where_it_fails() {
    let works = format!("*h264_nvenc*) {AS_X264}");
    assert_eq!(converted(&works).await, (320, vec!["nvenc".to_owned()]));

    let fails_midway =
        format!("*h264_nvenc*out.mp4.part*) echo 'out of memory' >&2; exit 1;;\n*h264_nvenc*) {AS_X264}");
    assert_eq!(
        converted(&fails_midway).await,
        (320, vec!["nvenc".to_owned(), "x264".to_owned()])
    );

    let fails_its_trial = "*h264_nvenc*) echo 'Cannot load libcuda.so.1' >&2; exit 1;;";
    assert_eq!(converted(fails_its_trial).await, (320, vec!["x264".to_owned()]));
}

#[tokio::test]
async fn another_profile_than_asked_for_does_not_pass() {
    let shop = Workshop::new();
    let baseline = LIKE_X264.replace("-profile:v high", "-profile:v baseline");
    let (toolbox, _witness) = toolbox(&shop, &format!("*h264_nvenc*) {baseline}\n*lavfi*) exit 1;;"));
    let passed = Media::new(toolbox)
        .hardware_encoders(&CancellationToken::new())
        .await;
    assert_eq!(passed.unwrap(), []);
}

#[tokio::test]
async fn a_trial_is_remembered_over_a_restart() {
    let shop = Workshop::new();
    let cases = format!("*h264_vaapi*) {LIKE_X264}\n*lavfi*) exit 1;;");
    let cancel = CancellationToken::new();
    let (toolbox, _witness) = toolbox(&shop, &cases);
    let media = || Media::new(toolbox.clone()).with_cache(shop.path("cache"));
    let first = media().hardware_encoders(&cancel).await.unwrap();
    let runs = shop.read("runs");
    assert_eq!(media().hardware_encoders(&cancel).await.unwrap(), first);
    assert_eq!(shop.read("runs"), runs, "no trial more");
}
