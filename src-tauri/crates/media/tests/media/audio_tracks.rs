//! A clip with several audio tracks: which one is heard in what is made of it.

use daypart_domain::{
    analysis::Analysis,
    delivery_spec::AccountLimits,
    delivery_specs::BLUESKY,
    edit::{Edit, SoundEdit},
    transcode_plan::{Destination, Material, Rung, SpeedHistory, TranscodePlan, Wishes, plan_all},
};

use crate::{clips::Workshop, edited::make, sound::listen};

/// English at 440 Hz, German at 1000 Hz, and 5.1 channels at 3000 Hz.
fn three_tracks() -> Workshop {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=2 -f lavfi -i sine=f=440:r=48000:d=2 -f lavfi -i sine=f=1000:r=48000:d=2 \
         -f lavfi -i sine=f=3000:r=48000:d=2 -map 0:v -map 1:a -map 2:a -map 3:a -c:v libx264 -preset ultrafast \
         -pix_fmt yuv420p -c:a aac -ac:a:2 6 -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu \
         -movflags +faststart three.mp4",
    );
    shop
}

async fn planned(shop: &Workshop, sound: SoundEdit) -> TranscodePlan {
    let info = shop.info("three.mp4").await;
    let edit = Edit {
        sound,
        ..Edit::default()
    };
    assert_eq!(edit.problems_on(&info), []);
    let material = Material {
        info: &info,
        edit: &edit,
        analysis: &Analysis::default(),
        keyframes_us: None,
        history: &SpeedHistory::default(),
    };
    let destination = Destination {
        spec: &BLUESKY,
        limits: AccountLimits::default(),
    };
    plan_all(&material, Wishes::sending(), &[destination])
        .remove(0)
        .plan
}

/// How often the sound of the result swings through zero upwards, each second, away from its ends.
fn pitch_hz(shop: &Workshop) -> f64 {
    let output = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-ss", "0.5", "-t", "1", "-i"])
        .arg(shop.path("out.mp4"))
        .args(["-vn", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"])
        .output()
        .unwrap();
    let samples: Vec<i16> = output
        .stdout
        .chunks_exact(2)
        .map(|sample| i16::from_le_bytes([sample[0], sample[1]]))
        .collect();
    let upwards = samples
        .windows(2)
        .filter(|pair| pair[0] < 0 && pair[1] >= 0)
        .count();
    upwards as f64 * 48_000.0 / samples.len() as f64
}

fn is_about(found_hz: f64, expected_hz: f64) {
    assert!(
        (found_hz / expected_hz - 1.0).abs() < 0.01,
        "{found_hz:.0} Hz instead of {expected_hz:.0}"
    );
}

#[tokio::test]
async fn the_chosen_track_is_copied_without_touching_the_picture() {
    let shop = three_tracks();
    let german = SoundEdit {
        track: Some(2),
        ..SoundEdit::default()
    };
    let plan = planned(&shop, german).await;
    assert_eq!(plan.rung, Rung::Remux);
    let rendition = make(&shop, "three.mp4", &plan).await;
    assert_eq!(rendition.audio_track_count, 1);
    is_about(pitch_hz(&shop), 1_000.0);
    assert_eq!(
        listen(&shop.path("out.mp4"), None)
            .await
            .unwrap()
            .waveform
            .levels
            .len(),
        listen(&shop.path("three.mp4"), Some(2))
            .await
            .unwrap()
            .waveform
            .levels
            .len(),
        "what the editor draws of the track is as long as what is made"
    );
}

#[tokio::test]
async fn a_chosen_surround_track_is_mixed_down_wherever_its_sound_is_made_anew() {
    let shop = three_tracks();
    let quieter = SoundEdit {
        track: Some(3),
        volume_db: -3.0,
        ..SoundEdit::default()
    };
    let plan = planned(&shop, quieter).await;
    assert_eq!(plan.rung, Rung::AudioOnly);
    let rendition = make(&shop, "three.mp4", &plan).await;
    assert_eq!(rendition.audio.map(|audio| audio.channels), Some(2));
    is_about(pitch_hz(&shop), 3_000.0);
}

#[tokio::test]
async fn without_a_choice_the_main_track_is_heard() {
    let shop = three_tracks();
    let plan = planned(
        &shop,
        SoundEdit {
            volume_db: -3.0,
            ..SoundEdit::default()
        },
    )
    .await;
    make(&shop, "three.mp4", &plan).await;
    is_about(pitch_hz(&shop), 440.0);
}

#[tokio::test]
async fn every_track_is_told_alike_by_ffprobe_and_by_our_own_reading() {
    let shop = three_tracks();
    // Matroska is read by ffprobe, MP4 by ourselves.
    shop.ffmpeg("-i three.mp4 -map 0 -c copy -metadata:s:a:1 title=Kommentar three.mkv");
    let told = async |name: &str| {
        let info = shop.info(name).await;
        info.audio_tracks
            .iter()
            .map(|track| {
                (
                    track.stream_index,
                    track.language.clone(),
                    track.codec.clone(),
                    track.channels,
                )
            })
            .collect::<Vec<_>>()
    };
    let (ours, theirs) = (told("three.mp4").await, told("three.mkv").await);
    assert_eq!(ours, theirs);
    let languages: Vec<Option<&str>> = ours.iter().map(|(_, language, ..)| language.as_deref()).collect();
    assert_eq!(languages, [Some("eng"), Some("deu"), None]);
    assert_eq!(
        shop.info("three.mkv").await.audio_tracks[1].title.as_deref(),
        Some("Kommentar")
    );
}
