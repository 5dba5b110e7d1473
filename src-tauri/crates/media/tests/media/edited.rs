//! Renditions of edited clips: what is seen and heard, and when.

use std::{path::Path, process::Command};

use daypart_domain::{
    edit::{KeptRange, Turn},
    media_info::MediaInfo,
    transcode_plan::{Background, CropWindow, Cut, EncodeTarget, Rung, SoundTarget, TranscodePlan},
};

use crate::{
    clips::Workshop,
    encode::{convert, encode_to},
    sound::listen,
};

/// 6 s of 320 × 180 at 30 fps, a keyframe every second. The picture is dark but for one second of white from 2 s
/// to 3 s, and just then there is a tone. Left and right differ by colour: red and blue edges.
pub fn signal() -> Workshop {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i color=c=0x202020:s=320x180:r=30:d=6 \
         -f lavfi -i aevalsrc='0.4*sin(2*PI*880*t)*between(t\\,2\\,3)':c=stereo:s=48000:d=6 \
         -vf drawbox=w=40:h=180:c=red:t=fill,drawbox=x=280:w=40:h=180:c=blue:t=fill,drawbox=x=100:w=120:h=180:c=white:t=fill:enable='between(t\\,2\\,2.99)' \
         -c:v libx264 -preset ultrafast -g 30 -pix_fmt yuv420p -c:a aac signal.mp4",
    );
    shop
}

pub fn ms(start_ms: u64, end_ms: u64) -> KeptRange {
    KeptRange::new(start_ms * 1_000, end_ms * 1_000)
}

pub fn cut(parts: &[KeptRange]) -> TranscodePlan {
    TranscodePlan {
        parts: parts.to_vec(),
        cut: Some(Cut::Accurate),
        ..encode_to(320, 180, None)
    }
}

pub async fn make(shop: &Workshop, source: &str, plan: &TranscodePlan) -> MediaInfo {
    convert(shop, &shop.path(source), plan)
        .await
        .unwrap_or_else(|problem| panic!("{source}: {problem} {:?}", problem.details))
}

/// One pixel of every frame: red, green, blue.
pub fn pixels(clip: &Path, x: u32, y: u32) -> Vec<[u8; 3]> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(clip)
        .args([
            "-vf",
            &format!("format=rgb24,crop=1:1:{x}:{y}"),
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    output
        .stdout
        .chunks_exact(3)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect()
}

/// The frames in which the middle is white: first, and one past the last.
pub fn white(clip: &Path, x: u32, y: u32) -> (usize, usize) {
    let bright = |pixel: &[u8; 3]| pixel.iter().all(|channel| *channel > 150);
    let pixels = pixels(clip, x, y);
    let first = pixels.iter().position(bright).expect("a white frame");
    let last = pixels.iter().rposition(bright).expect("a white frame");
    (first, last + 1)
}

/// When the tone is heard, in ms.
pub async fn tone(clip: &Path) -> (u64, u64) {
    let buckets = listen(clip, None).await.unwrap().waveform.levels[0]
        .buckets
        .clone();
    let loud = |bucket: &daypart_media::sound::Bucket| bucket.rms > 1_500;
    let first = buckets.iter().position(loud).expect("a tone") as u64;
    let last = buckets.iter().rposition(loud).expect("a tone") as u64;
    (first * 20, last * 20 + 20)
}

pub fn about(found: (u64, u64), expected: (u64, u64), tolerance: u64) {
    assert!(
        found.0.abs_diff(expected.0) <= tolerance && found.1.abs_diff(expected.1) <= tolerance,
        "{found:?} instead of {expected:?}"
    );
}

#[tokio::test]
async fn a_cut_between_keyframes_is_exact_to_the_frame_in_sight_and_sound() {
    let shop = signal();
    let rendition = make(&shop, "signal.mp4", &cut(&[ms(1_500, 4_000)])).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 2_500);
    assert_eq!(pixels(&out, 160, 90).len(), 75);
    assert_eq!(white(&out, 160, 90), (15, 45));
    about(tone(&out).await, (500, 1_500), 25);
}

#[tokio::test]
async fn parts_are_joined_in_play_order_and_sound_stays_with_its_picture() {
    let shop = signal();
    // From the back to the front: the white second comes last, after 2.3 s.
    let parts = [ms(4_000, 5_300), ms(0, 1_000), ms(1_700, 3_200)];
    let rendition = make(&shop, "signal.mp4", &cut(&parts)).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 3_800);
    assert_eq!(white(&out, 160, 90), (78, 108));
    about(tone(&out).await, (2_600, 3_600), 25);
}

#[tokio::test]
async fn forty_small_parts_do_not_drift_apart() {
    let shop = signal();
    // 50 ms each, one and a half frames; the last ones end with the white second's first half.
    let parts: Vec<KeptRange> = (0..40).map(|index| ms(index * 62, index * 62 + 50)).collect();
    let rendition = make(&shop, "signal.mp4", &cut(&parts)).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 2_000);
    let (white_frame, _) = white(&out, 160, 90);
    let (tone_ms, _) = tone(&out).await;
    assert!(
        (white_frame as u64 * 1_000 / 30).abs_diff(tone_ms) <= 60,
        "white from frame {white_frame}, tone from {tone_ms} ms"
    );
}

#[tokio::test]
async fn a_clip_at_another_speed_keeps_sight_and_sound_together_and_the_pitch() {
    let shop = signal();
    for (speed, duration_ms, seen, heard) in [
        (2.0, 3_000, (30, 45), (1_000, 1_500)),
        (0.5, 12_000, (120, 180), (4_000, 6_000)),
    ] {
        let plan = TranscodePlan {
            speed,
            ..encode_to(320, 180, None)
        };
        let rendition = make(&shop, "signal.mp4", &plan).await;
        let out = shop.path("out.mp4");
        assert!(
            rendition.duration_ms.abs_diff(duration_ms) <= 40,
            "{}",
            rendition.duration_ms
        );
        let (first, last) = white(&out, 160, 90);
        about((first as u64, last as u64), seen, 1);
        about(tone(&out).await, heard, 60);
    }
}

#[tokio::test]
async fn a_cut_and_faster_clip_counts_its_parts_in_its_own_time() {
    let shop = signal();
    let plan = TranscodePlan {
        speed: 2.0,
        ..cut(&[ms(0, 1_000), ms(1_500, 3_500)])
    };
    let rendition = make(&shop, "signal.mp4", &plan).await;
    let out = shop.path("out.mp4");
    assert_eq!(rendition.duration_ms, 1_500);
    let (first, last) = white(&out, 160, 90);
    about((first as u64, last as u64), (23, 38), 1);
    about(tone(&out).await, (750, 1_250), 60);
}

#[tokio::test]
async fn a_window_shows_its_part_of_the_picture() {
    let shop = signal();
    let plan = TranscodePlan {
        target: Some(EncodeTarget {
            crop: Some(CropWindow {
                x_px: 0,
                y_px: 0,
                width_px: 102,
                height_px: 180,
            }),
            ..EncodeTarget::whole(360, 640, None, 20_000_000)
        }),
        ..encode_to(2, 2, None)
    };
    make(&shop, "signal.mp4", &plan).await;
    let out = shop.path("out.mp4");
    let [red, green, blue] = pixels(&out, 60, 320)[0];
    assert!(
        red > 200 && green < 60 && blue < 60,
        "the red edge fills a third: {red} {green} {blue}"
    );
    let [red, _, blue] = pixels(&out, 340, 320)[0];
    assert!(red < 80 && blue < 80, "the blue edge is outside");
}

#[tokio::test]
async fn a_turned_and_mirrored_picture_lies_as_asked() {
    let shop = signal();
    let turned = |rotate_deg, mirrored| TranscodePlan {
        target: Some(EncodeTarget {
            turn: Turn { rotate_deg, mirrored },
            ..EncodeTarget::whole(
                if rotate_deg % 180 == 0 { 320 } else { 180 },
                if rotate_deg % 180 == 0 { 180 } else { 320 },
                None,
                20_000_000,
            )
        }),
        ..encode_to(2, 2, None)
    };
    // Where the red left edge goes.
    let cases = [
        (turned(90, false), (90, 10)),
        (turned(180, false), (310, 90)),
        (turned(270, false), (90, 310)),
        (turned(0, true), (310, 90)),
        (turned(90, true), (90, 10)),
    ];
    for (plan, (x, y)) in cases {
        make(&shop, "signal.mp4", &plan).await;
        let [red, _, blue] = pixels(&shop.path("out.mp4"), x, y)[0];
        assert!(
            red > 200 && blue < 60,
            "{:?}: {red} {blue}",
            plan.target.unwrap().turn
        );
    }
}

#[tokio::test]
async fn what_the_shape_leaves_free_is_blurred_or_coloured() {
    let shop = signal();
    let over = |background| TranscodePlan {
        target: Some(EncodeTarget {
            background,
            ..EncodeTarget::whole(360, 640, None, 20_000_000)
        }),
        ..encode_to(2, 2, None)
    };
    make(
        &shop,
        "signal.mp4",
        &over(Background::Colour { rgb: [0, 160, 0] }),
    )
    .await;
    let [red, green, blue] = pixels(&shop.path("out.mp4"), 180, 40)[0];
    assert!(
        green.abs_diff(160) < 12 && red < 12 && blue < 12,
        "{red} {green} {blue}"
    );
    make(&shop, "signal.mp4", &over(Background::Blur)).await;
    let frames = pixels(&shop.path("out.mp4"), 180, 40);
    assert!(
        frames[75][1] > frames[15][1].saturating_add(60),
        "the middle shines through"
    );
}

#[tokio::test]
async fn muted_quieter_and_faded_sound() {
    let shop = signal();
    shop.ffmpeg(
        "-i signal.mp4 -f lavfi -i sine=f=440:r=48000:d=6 -map 0:v -map 1:a -c:v copy -c:a aac tone.mp4",
    );
    let with = |sound| TranscodePlan {
        sound,
        ..encode_to(320, 180, None)
    };
    let removed = with(SoundTarget {
        removed: true,
        ..SoundTarget::default()
    });
    assert_eq!(make(&shop, "tone.mp4", &removed).await.audio, None);

    let before = listen(&shop.path("tone.mp4"), None).await.unwrap();
    let shaped = with(SoundTarget {
        gain_db: -6.0,
        fade_in_ms: 500,
        fade_out_ms: 1_000,
        ..SoundTarget::default()
    });
    make(&shop, "tone.mp4", &shaped).await;
    let after = listen(&shop.path("out.mp4"), None).await.unwrap();
    let rms = |sound: &daypart_media::sound::Sound, at_ms: usize| {
        f64::from(sound.waveform.levels[0].buckets[at_ms / 20].rms)
    };
    let middle_db = 20.0 * (rms(&after, 3_000) / rms(&before, 3_000)).log10();
    assert!((middle_db + 6.0).abs() < 0.2, "{middle_db}");
    assert!(
        (rms(&after, 240) / rms(&after, 3_000) - 0.5).abs() < 0.08,
        "halfway in"
    );
    assert!(
        (rms(&after, 5_500) / rms(&after, 3_000) - 0.5).abs() < 0.08,
        "halfway out"
    );
}

#[tokio::test]
async fn a_clip_without_sound_gets_a_silent_track_where_one_is_asked_for() {
    use daypart_media::sound::Audibility;
    let shop = signal();
    shop.ffmpeg("-i signal.mp4 -c copy -an mute.mp4");
    let sound = SoundTarget {
        silence_if_none: true,
        ..SoundTarget::default()
    };
    let plans = [
        (6_000, encode_to(320, 180, None)),
        (2_000, cut(&[ms(500, 1_500), ms(3_000, 4_000)])),
        (6_000, crate::encode::plan(Rung::Remux)),
    ];
    for (duration_ms, plan) in plans {
        let rendition = make(&shop, "mute.mp4", &TranscodePlan { sound, ..plan }).await;
        assert_eq!(rendition.duration_ms, duration_ms);
        assert_eq!(rendition.audio.unwrap().codec, "aac");
        let heard = listen(&shop.path("out.mp4"), None).await.unwrap();
        assert_eq!(heard.audibility, Audibility::Silent);
        assert!(heard.waveform.duration_ms().abs_diff(duration_ms) <= 60);
    }
}

#[tokio::test]
async fn loudness_is_measured_and_brought_to_the_target_without_clipping() {
    let shop = signal();
    // Quiet and peaky: 12 dB at most are added, and the peaks are held.
    shop.ffmpeg(
        "-i signal.mp4 -f lavfi -i aevalsrc='0.08*sin(2*PI*440*t)+0.6*sin(2*PI*200*t)*lt(mod(t\\,1)\\,0.01)':s=48000:d=6 \
         -map 0:v -map 1:a -c:v copy -c:a aac peaky.mp4",
    )
    .ffmpeg("-i signal.mp4 -f lavfi -i aevalsrc='0.9*sin(2*PI*440*t)':s=48000:d=6 -map 0:v -map 1:a -c:v copy -c:a aac loud.mp4");
    let plan = TranscodePlan {
        sound: SoundTarget {
            measure_first: true,
            limit_peaks: true,
            ..SoundTarget::default()
        },
        ..encode_to(320, 180, None)
    };
    for source in ["peaky.mp4", "loud.mp4"] {
        make(&shop, source, &plan).await;
        let loudness = listen(&shop.path("out.mp4"), None).await.unwrap().loudness;
        let integrated = loudness.integrated_lufs.unwrap();
        assert!((integrated + 14.0).abs() <= 1.0, "{source}: {integrated} LUFS");
        let peak = loudness.true_peak_dbtp.unwrap();
        assert!(peak <= -1.0, "{source}: {peak} dBTP");
    }
}

#[tokio::test]
async fn the_chosen_track_is_the_one_that_is_heard() {
    let shop = signal();
    shop.ffmpeg(
        "-i signal.mp4 -f lavfi -i anullsrc=r=48000:cl=stereo:d=6 -map 0:v -map 1:a -map 0:a -c:v copy -c:a aac two.mp4",
    );
    let plan = TranscodePlan {
        sound: SoundTarget {
            track: Some(2),
            ..SoundTarget::default()
        },
        ..cut(&[ms(1_000, 4_000)])
    };
    make(&shop, "two.mp4", &plan).await;
    about(tone(&shop.path("out.mp4")).await, (1_000, 2_000), 25);
}

#[tokio::test]
async fn two_passes_meet_the_size_and_leave_nothing_behind() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=6 -vf noise=alls=20:allf=t -c:v libx264 -preset ultrafast -crf 10 noisy.mp4",
    );
    let rate_bps = 800_000;
    let plan = TranscodePlan {
        rung: Rung::Encode,
        target: Some(EncodeTarget {
            two_passes: true,
            ..EncodeTarget::whole(640, 360, None, rate_bps)
        }),
        ..TranscodePlan::default()
    };
    make(&shop, "noisy.mp4", &plan).await;
    let size_bytes = shop.path("out.mp4").metadata().unwrap().len();
    let planned_bytes = rate_bps * 6 / 8;
    assert!(
        size_bytes < planned_bytes * 108 / 100,
        "{size_bytes} of {planned_bytes}"
    );
    assert!(
        size_bytes > planned_bytes * 80 / 100,
        "{size_bytes} of {planned_bytes}"
    );
    assert_eq!(shop.names(), ["noisy.mp4", "out.mp4"]);
}
