//! Where the tools are, and what is said when they are not.

use daypart_domain::problem::{RetryClass, UserAction};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::{MediaEncoder as _, MediaProbe as _};

use crate::clips::{Workshop, media};

#[tokio::test]
async fn a_machine_without_ffmpeg_is_told_so_in_words() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy clip.mkv");
    let media = Media::new(MediaToolbox::in_folder(shop.path("nothing here")));
    let problem = media.probe(&shop.path("clip.mkv")).await.expect_err("no ffprobe");
    assert_eq!(problem.code.as_str(), "media.ffmpeg_missing");
    assert_eq!(
        problem.retry,
        RetryClass::NeedsUser {
            action: UserAction::InstallFfmpeg
        }
    );
    assert!(problem.fix.unwrap().contains("FFmpeg"));
    assert!(media.version().contains("no ffmpeg"));
}

#[tokio::test]
async fn what_needs_no_ffprobe_is_refused_without_it() {
    let shop = Workshop::new();
    let media = Media::new(MediaToolbox::in_folder(shop.path("nothing here")));
    let path = shop.write("zero.mp4", b"");
    assert_eq!(
        media.probe(&path).await.expect_err("empty").code.as_str(),
        "media.empty"
    );
}

#[test]
fn the_version_names_the_recipe_and_ffmpeg() {
    let version = media().version();
    assert!(version.starts_with("recipe "), "{version}");
    assert!(version.contains(", ffmpeg "), "{version}");
    assert_eq!(version, media().version());
}
