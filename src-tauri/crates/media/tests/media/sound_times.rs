//! When a sound is heard: always on the edit's time line, whose 0 is the first frame shown.

use daypart_media::sound::Sound;

use crate::{clips::Workshop, sound::listen};

/// A tone from 2.0 s to 2.5 s of an otherwise silent clip of 4 s with a keyframe each second.
fn with_beep() -> Workshop {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=160x90:r=30:d=4 \
         -f lavfi -i aevalsrc='0.5*sin(2*PI*440*t)*between(t\\,2\\,2.5)':s=48000:d=4 \
         -c:v libx264 -preset ultrafast -g 30 -pix_fmt yuv420p -c:a aac beep.mp4",
    );
    shop
}

/// The first and the last moment that is loud, in ms.
fn heard_ms(sound: &Sound) -> (u64, u64) {
    let loud = |bucket: &daypart_media::sound::Bucket| bucket.max > 3_000;
    let buckets = &sound.waveform.levels[0].buckets;
    let first = buckets.iter().position(loud).expect("a beep") as u64;
    let last = buckets.iter().rposition(loud).expect("a beep") as u64;
    (first * 20, last * 20 + 20)
}

async fn assert_heard(shop: &Workshop, name: &str, expected_ms: (u64, u64)) {
    let sound = listen(&shop.path(name), None).await.unwrap();
    let heard = heard_ms(&sound);
    assert!(
        heard.0.abs_diff(expected_ms.0) <= 20 && heard.1.abs_diff(expected_ms.1) <= 20,
        "{name}: heard at {heard:?}, expected at {expected_ms:?}"
    );
}

#[tokio::test]
async fn an_ordinary_clip_sounds_when_it_sounds() {
    let shop = with_beep();
    assert_heard(&shop, "beep.mp4", (2_000, 2_500)).await;
    let silences = listen(&shop.path("beep.mp4"), None).await.unwrap().silences;
    let [before, after] = silences.as_slice() else {
        panic!("{silences:?}");
    };
    assert_eq!(before.start_us, 0);
    assert!(before.end_us.abs_diff(2_000_000) <= 20_000, "{before:?}");
    assert!(after.start_us.abs_diff(2_500_000) <= 20_000, "{after:?}");
}

#[tokio::test]
async fn late_sound_is_preceded_by_silence() {
    let shop = with_beep();
    shop.ffmpeg("-i beep.mp4 -itsoffset 0.7 -i beep.mp4 -map 0:v -map 1:a -c copy late.mp4");
    assert_heard(&shop, "late.mp4", (2_700, 3_200)).await;
}

#[tokio::test]
async fn sound_before_the_first_frame_is_left_out() {
    let shop = with_beep();
    shop.ffmpeg("-itsoffset 0.5 -i beep.mp4 -i beep.mp4 -map 0:v -map 1:a -c copy early.mp4");
    assert_heard(&shop, "early.mp4", (1_500, 2_000)).await;
}

#[tokio::test]
async fn what_an_edit_list_hides_is_not_heard() {
    let shop = with_beep();
    shop.ffmpeg("-ss 1.3 -i beep.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
    assert_heard(&shop, "trimmed.mp4", (700, 1_200)).await;
}

#[tokio::test]
async fn a_transport_stream_that_starts_at_a_late_hour_begins_at_zero() {
    let shop = with_beep();
    shop.ffmpeg("-i beep.mp4 -c copy -output_ts_offset 95000 x.ts");
    assert_heard(&shop, "x.ts", (2_000, 2_500)).await;
}

#[tokio::test]
async fn a_hole_in_the_sound_is_silence_and_moves_nothing() {
    let shop = with_beep();
    shop.ffmpeg("-i beep.mp4 -c:v copy -af aselect='not(between(t\\,0.5\\,1.5))' -c:a aac hole.mkv");
    assert_heard(&shop, "hole.mkv", (2_000, 2_500)).await;
}

#[tokio::test]
async fn sound_after_the_last_frame_is_left_out() {
    let shop = with_beep();
    shop.ffmpeg("-i beep.mp4 -t 2.2 -i beep.mp4 -map 1:v -map 0:a -c copy longer.mp4");
    let sound = listen(&shop.path("longer.mp4"), None).await.unwrap();
    assert!(
        (2_200..=2_260).contains(&sound.waveform.duration_ms()),
        "{}",
        sound.waveform.duration_ms()
    );
    assert_heard(&shop, "longer.mp4", (2_000, sound.waveform.duration_ms())).await;
}
