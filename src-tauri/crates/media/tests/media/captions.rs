//! Captions drawn into the picture: when, where, and nothing but their words.

use std::path::Path;

use daypart_domain::{
    captions::CaptionFormat,
    edit::KeptRange,
    problem::Problem,
    transcode_plan::{Background, Cut, EncodeTarget, TranscodePlan},
};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::{
    media::{MediaEncoder as _, MediaProbe as _},
    timeline::MediaTimeline as _,
};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, media},
    edited::{ms, pixels},
    encode::{convert, encode_to},
};

/// 4 s of 640 × 360 at 25 fps, dark grey.
fn dark() -> Workshop {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i color=c=0x202020:s=640x360:r=25:d=4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p dark.mp4");
    shop
}

fn drawing(shop: &Workshop, text: &str) -> TranscodePlan {
    let captions = shop.write("words.srt", text.as_bytes());
    drawing_on(EncodeTarget::whole(640, 360, None, 20_000_000), &captions)
}

fn drawing_on(target: EncodeTarget, captions: &Path) -> TranscodePlan {
    TranscodePlan {
        target: Some(EncodeTarget {
            captions_path: Some(captions.to_str().unwrap().to_owned()),
            ..target
        }),
        ..encode_to(2, 2, None)
    }
}

/// The brightest channel of every frame within a window.
fn brightest(clip: &Path, window: &str) -> Vec<u8> {
    let output = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(clip)
        .args([
            "-vf",
            &format!("crop={window},format=gray"),
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    let frames = pixels(clip, 0, 0).len();
    output
        .stdout
        .chunks_exact(output.stdout.len() / frames)
        .map(|frame| *frame.iter().max().unwrap())
        .collect()
}

const LOWER: &str = "iw:ih/3:0:ih*2/3";
const UPPER: &str = "iw:ih/2:0:0";
const RIM: &str = "iw*0.06:ih:0:0";

/// The frames with letters below: first, and one past the last.
fn lettered(clip: &Path) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (frame, level) in brightest(clip, LOWER).into_iter().enumerate() {
        if level < 200 {
            continue;
        }
        match spans.last_mut() {
            Some((_, end)) if *end == frame => *end += 1,
            _ => spans.push((frame, frame + 1)),
        }
    }
    spans
}

fn is_dark(clip: &Path, window: &str) -> bool {
    brightest(clip, window).into_iter().all(|level| level < 60)
}

const ONE_SECOND: &str = "1\n00:00:01,000 --> 00:00:02,000\nMüde, aber glücklich\n";

#[tokio::test]
async fn words_are_drawn_below_for_as_long_as_they_are_meant_to_stand() {
    let shop = dark();
    convert(&shop, &shop.path("dark.mp4"), &drawing(&shop, ONE_SECOND))
        .await
        .unwrap();
    let out = shop.path("out.mp4");
    assert_eq!(lettered(&out), [(25, 50)]);
    assert!(is_dark(&out, UPPER));
    assert_eq!(shop.names(), ["dark.mp4", "out.mp4", "words.srt"]);
}

#[tokio::test]
async fn words_stay_with_their_picture_through_cuts_speed_and_turn() {
    let shop = dark();
    let plan = TranscodePlan {
        parts: vec![ms(3_000, 4_000), ms(1_500, 2_500)],
        cut: Some(Cut::Accurate),
        speed: 0.5,
        ..drawing_on(
            EncodeTarget {
                turn: daypart_domain::edit::Turn {
                    rotate_deg: 90,
                    mirrored: true,
                },
                background: Background::Blur,
                ..EncodeTarget::whole(270, 480, None, 20_000_000)
            },
            &shop.write("words.srt", ONE_SECOND.as_bytes()),
        )
    };
    convert(&shop, &shop.path("dark.mp4"), &plan).await.unwrap();
    // Half a second of it is left, in the second part, at half the speed, and it is read from left to right.
    let out = shop.path("out.mp4");
    assert_eq!(lettered(&out), [(50, 75)]);
    assert!(is_dark(&out, RIM), "letters reach the rim");
}

#[tokio::test]
async fn a_long_caption_wraps_within_the_margins() {
    let shop = dark();
    let long = format!("1\n00:00:00,000 --> 00:00:01,000\n{}\n", "many words ".repeat(12));
    convert(&shop, &shop.path("dark.mp4"), &drawing(&shop, &long))
        .await
        .unwrap();
    let out = shop.path("out.mp4");
    assert_eq!(lettered(&out), [(0, 25)]);
    assert!(is_dark(&out, RIM) && is_dark(&out, "iw*0.06:ih:iw*0.94:0"));
}

#[tokio::test]
async fn what_looks_like_a_command_is_drawn_as_words_at_most() {
    let shop = dark();
    // Carried out, each of them would paint the whole picture white.
    let hostile = "1\n00:00:00,000 --> 00:00:01,000\n{\\an7\\pos(0,0)\\p1\\bord0}m 0 0 l 640 0 640 360 0 360\n\n\
                   2\n00:00:01,000 --> 00:00:02,000\n{ \\an7\\pos(0,0)\\p1}m 0 0 l 640 0 640 360 0 360{\\p0}\\N\n\n\
                   3\n00:00:02,000 --> 00:00:03,000\nDialogue: 0,0:00:00.00,0:00:04.00,Default,,0,0,0,,{\\fs300}X\n";
    convert(&shop, &shop.path("dark.mp4"), &drawing(&shop, hostile))
        .await
        .unwrap();
    let out = shop.path("out.mp4");
    assert!(is_dark(&out, "iw:ih/3:0:0"));
    assert!(is_dark(&out, RIM));
    assert_eq!(lettered(&out), [(0, 75)]);
}

#[tokio::test]
async fn a_folder_may_have_any_name() {
    let shop = dark();
    let folder = shop.path("it's [a]; b, c: d\\e %{x} =ü");
    std::fs::create_dir(&folder).unwrap();
    let source = shop.path("dark.mp4");
    let info = media().probe(&source).await.unwrap();
    let out = folder.join("out 'n' all.mp4");
    let plan = TranscodePlan {
        parts: vec![KeptRange::new(0, 3_000_000)],
        cut: Some(Cut::Accurate),
        ..drawing(&shop, ONE_SECOND)
    };
    media()
        .encode(&source, &info, &plan, &out, &|_| {}, &CancellationToken::new())
        .await
        .unwrap_or_else(|problem| panic!("{problem} {:?}", problem.details));
    assert_eq!(lettered(&out), [(25, 50)]);
}

#[tokio::test]
async fn a_capped_size_takes_its_two_passes_with_the_words_in_both() {
    let shop = dark();
    let captions = shop.write("words.srt", ONE_SECOND.as_bytes());
    let plan = drawing_on(
        EncodeTarget {
            two_passes: true,
            ..EncodeTarget::whole(640, 360, None, 400_000)
        },
        &captions,
    );
    convert(&shop, &shop.path("dark.mp4"), &plan).await.unwrap();
    assert_eq!(lettered(&shop.path("out.mp4")), [(25, 50)]);
    assert_eq!(shop.names(), ["dark.mp4", "out.mp4", "words.srt"]);
}

#[tokio::test]
async fn captions_that_are_cut_away_are_no_reason_to_fail() {
    let shop = dark();
    let plan = TranscodePlan {
        parts: vec![ms(2_500, 4_000)],
        cut: Some(Cut::Accurate),
        ..drawing(&shop, ONE_SECOND)
    };
    convert(&shop, &shop.path("dark.mp4"), &plan).await.unwrap();
    assert_eq!(lettered(&shop.path("out.mp4")), []);
}

async fn refused(shop: &Workshop, plan: &TranscodePlan) -> Problem {
    let before = shop.names();
    let problem = convert(shop, &shop.path("dark.mp4"), plan)
        .await
        .expect_err("a refusal");
    assert_eq!(shop.names(), before, "something was left behind");
    assert!(problem.fix.is_some(), "{problem}");
    problem
}

#[tokio::test]
async fn captions_that_are_gone_or_wrong_are_told_before_any_work() {
    let shop = dark();
    let plan = drawing(&shop, "1\n00:00:02,000 --> 00:00:01,000\nTurned round\n");
    let problem = refused(&shop, &plan).await;
    assert_eq!(problem.code.as_str(), "captions.invalid");
    assert_eq!(
        problem.message,
        "“words.srt” cannot be used: the caption at line 2 ends before it begins."
    );
    std::fs::remove_file(shop.path("words.srt")).unwrap();
    let problem = refused(&shop, &plan).await;
    assert_eq!(problem.code.as_str(), "captions.missing");
    assert!(problem.message.contains("words.srt"), "{problem}");
    std::fs::create_dir(shop.path("words.srt")).unwrap();
    assert_eq!(refused(&shop, &plan).await.code.as_str(), "captions.invalid");
}

#[tokio::test]
async fn a_caption_file_is_read_for_the_editor() {
    let shop = Workshop::new();
    let path = shop.write("talk.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n");
    let file = media().captions(&path).await.unwrap();
    assert_eq!((file.format, file.cues.len()), (CaptionFormat::WebVtt, 1));
    let problem = media()
        .captions(&shop.path("other.srt"))
        .await
        .expect_err("missing");
    assert_eq!(problem.code.as_str(), "captions.missing");
}

#[cfg(unix)]
#[tokio::test]
async fn an_ffmpeg_that_cannot_draw_letters_is_told_before_any_work() {
    use std::os::unix::fs::PermissionsExt as _;

    let shop = dark();
    std::fs::create_dir(shop.path("tools")).unwrap();
    let script = "#!/bin/sh\ncase \"$*\" in *-filters) echo ' ... scale V->V' ;; *) echo \"$*\" >> \"${0%/*}/log\"; exit 1 ;; esac\n";
    for tool in ["ffmpeg", "ffprobe"] {
        let path = shop.path("tools").join(tool);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let info = shop.info("dark.mp4").await;
    let problem = Media::new(MediaToolbox::in_folder(shop.path("tools")))
        .encode(
            &shop.path("dark.mp4"),
            &info,
            &drawing(&shop, ONE_SECOND),
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect_err("no letters");
    assert_eq!(problem.code.as_str(), "media.captions_no_libass");
    assert!(problem.fix.is_some() && !shop.path("out.mp4").exists());
    assert!(!shop.path("tools/log").exists(), "work was begun");
}
