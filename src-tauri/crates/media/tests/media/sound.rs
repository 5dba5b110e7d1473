//! What is measured about a sound, beside what ffmpeg's own filters say of it.

use std::{path::Path, process::Command};

use daypart_domain::problem::Problem;
use daypart_media::sound::{Audibility, Bucket, Sound, SoundCache, SoundOrder};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

/// ffmpeg mixes to stereo as the measured stream was mixed.
const MIX: &str = "aresample=48000:ochl=stereo:rematrix_maxval=1";

pub async fn listen(source: &Path, track: Option<u32>) -> Result<Sound, Problem> {
    let info = media().probe(source).await.expect("a video");
    let order = SoundOrder {
        source,
        info: &info,
        track,
        cache: None,
    };
    media().sound(order, None, &CancellationToken::new()).await
}

/// What ffmpeg says while it decodes the first sound of `source` through `filters`.
fn ffmpegs_words(source: &Path, filters: &str) -> String {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-nostats", "-i"])
        .arg(source)
        .args([
            "-map",
            "0:a:0",
            "-af",
            &format!("{MIX},{filters}"),
            "-f",
            "null",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The last number after `label`.
fn number_after(words: &str, label: &str) -> f64 {
    let rest = &words[words
        .rfind(label)
        .unwrap_or_else(|| panic!("no {label} in {words}"))
        + label.len()..];
    let number: String = rest
        .trim_start()
        .chars()
        .take_while(|character| character.is_ascii_digit() || "-.".contains(*character))
        .collect();
    number.parse().unwrap()
}

fn decibels(amplitude: f64) -> f64 {
    20.0 * (amplitude / 32_768.0).log10()
}

fn assert_close(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    assert!(
        (ours - theirs).abs() <= tolerance,
        "{what}: {ours:.3} against {theirs:.3}"
    );
}

/// A clip of plain sound without loss: made by `filters`, with a small picture.
fn clip_of(shop: &Workshop, filters: &str, seconds: u32) -> std::path::PathBuf {
    shop.ffmpeg(&format!(
        "-f lavfi -i testsrc2=s=160x90:r=25:d={seconds} -f lavfi -i {filters}:d={seconds} \
         -c:v libx264 -preset ultrafast -c:a pcm_s16le sound.mov"
    ));
    shop.path("sound.mov")
}

#[tokio::test]
async fn loudness_range_and_true_peak_agree_with_ffmpeg_on_speech_music_and_noise() {
    let shop = Workshop::new();
    // Long enough for ffmpeg's filter, which also counts the first 0.3 s, before a block of 0.4 s is full.
    let long_sound = |name: &str, source: &str, times: u32| {
        shop.ffmpeg(&format!(
            "-f lavfi -i testsrc2=s=160x90:r=5:d=40 -stream_loop {times} -i {source} -map 0:v -map 1:a \
             -c:v libx264 -preset ultrafast -c:a aac -t 40 {name}"
        ));
        shop.path(name)
    };
    shop.ffmpeg(
        "-f lavfi -i aevalsrc='0.5*sin(2*PI*110*t)*exp(-3*mod(t\\,0.5))+0.3*sin(2*PI*(440+220*floor(mod(t\\,4)))*t)\
         |0.5*sin(2*PI*110*t)*exp(-3*mod(t\\,0.5))+0.3*random(0)*exp(-9*mod(t\\,0.25))*between(t\\,6\\,12)':s=44100:d=12 \
         music.wav",
    );
    let clips = [
        long_sound(
            "talk.mp4",
            &footage("movie2/movie-hello.mp4").display().to_string(),
            4,
        ),
        long_sound(
            "word.mp4",
            &footage("audio1/debian.wav").display().to_string(),
            20,
        ),
        long_sound("music.mp4", &shop.path("music.wav").display().to_string(), 3),
    ];
    for clip in clips {
        let name = clip.display();
        let sound = listen(&clip, None).await.unwrap();
        let duration_s = sound.waveform.duration_ms() as f64 / 1000.0;
        // The reference hears as much as we do: no sound beyond the last picture.
        let words = ffmpegs_words(
            &clip,
            &format!("atrim=end={duration_s},ebur128=peak=true:metadata=1,ametadata=print:file=-"),
        );
        let loudness = sound.loudness;
        assert_close(
            &format!("loudness of {name}"),
            loudness.integrated_lufs.unwrap(),
            number_after(&words, "lavfi.r128.I="),
            0.1,
        );
        // EBU Tech 3342 leaves the step free: ours is a second, ffmpeg's a tenth, which shows on loops this short.
        assert_close(
            &format!("range of {name}"),
            loudness.range_lu.unwrap(),
            number_after(&words, "lavfi.r128.LRA="),
            1.0,
        );
        assert_close(
            &format!("true peak of {name}"),
            loudness.true_peak_dbtp.unwrap(),
            number_after(&words, "Peak:"),
            0.2,
        );
    }
}

#[tokio::test]
async fn peaks_and_power_agree_with_ffmpegs_volumedetect() {
    for name in ["movie2/movie-hello.mp4", "movie2/movie-hello.avi"] {
        let clip = footage(name);
        let sound = listen(&clip, None).await.unwrap();
        // The last one may hold less than 20 ms.
        let (_, finest) = sound.waveform.levels[0].buckets.split_last().unwrap();
        let duration_s = finest.len() as f64 * 0.02;
        let words = ffmpegs_words(&clip, &format!("atrim=end={duration_s},volumedetect"));
        let loudest = |buckets: &[Bucket]| {
            let peaks = buckets
                .iter()
                .map(|bucket| bucket.max.unsigned_abs().max(bucket.min.unsigned_abs()));
            f64::from(peaks.max().unwrap())
        };
        let power = finest
            .iter()
            .map(|bucket| f64::from(bucket.rms).powi(2))
            .sum::<f64>()
            / finest.len() as f64;
        assert_close(
            name,
            decibels(loudest(finest)),
            number_after(&words, "max_volume:"),
            0.1,
        );
        assert_close(
            name,
            decibels(power.sqrt()),
            number_after(&words, "mean_volume:"),
            0.1,
        );
        let coarsest = &sound.waveform.levels.last().unwrap().buckets;
        assert_eq!(
            loudest(coarsest),
            loudest(finest),
            "the one bucket that holds it all"
        );
    }
}

#[tokio::test]
async fn a_tone_of_known_level_has_the_loudness_that_the_standard_gives_it() {
    for level_db in [-6.0_f64, -23.0, -40.0] {
        let shop = Workshop::new();
        let amplitude = 10_f64.powf(level_db / 20.0);
        let tone = format!("{amplitude}*sin(2*PI*997*t)");
        let clip = clip_of(&shop, &format!("aevalsrc={tone}|{tone}:s=48000"), 5);
        let loudness = listen(&clip, None).await.unwrap().loudness;
        // EBU Tech 3341: a stereo sine of 997 Hz at x dBFS reads x LUFS.
        assert_close("loudness", loudness.integrated_lufs.unwrap(), level_db, 0.1);
        assert_close("true peak", loudness.true_peak_dbtp.unwrap(), level_db, 0.1);
        assert_close("range", loudness.range_lu.unwrap(), 0.0, 0.1);
    }
}

#[tokio::test]
async fn every_level_of_the_waveform_shows_the_tone_at_its_height() {
    let shop = Workshop::new();
    let clip = clip_of(
        &shop,
        "aevalsrc=0.5*sin(2*PI*1000*t)|0.5*sin(2*PI*1000*t):s=48000",
        3,
    );
    let waveform = listen(&clip, None).await.unwrap().waveform;
    assert_eq!(waveform.duration_ms(), 3_000);
    assert_eq!(waveform.levels.last().unwrap().buckets.len(), 1);
    for level in &waveform.levels {
        for bucket in &level.buckets {
            assert!((16_380..=16_390).contains(&bucket.max), "{bucket:?}");
            assert!((-16_390..=-16_380).contains(&bucket.min), "{bucket:?}");
            assert!((11_570..=11_600).contains(&bucket.rms), "{bucket:?}");
        }
    }
}

#[tokio::test]
async fn peaks_are_told_as_they_come_each_once_and_in_order() {
    let shop = Workshop::new();
    let clip = clip_of(&shop, "sine=f=440:r=48000", 20);
    let info = shop.info("sound.mov").await;
    let (tell, told) = std::sync::mpsc::channel();
    let order = SoundOrder {
        source: &clip,
        info: &info,
        track: None,
        cache: None,
    };
    let observer = move |progress: daypart_media::sound::SoundProgress<'_>| {
        tell.send((progress.first_bucket, progress.buckets.to_vec()))
            .unwrap();
    };
    let sound = media()
        .sound(order, Some(Box::new(observer)), &CancellationToken::new())
        .await
        .unwrap();
    let told: Vec<(usize, Vec<Bucket>)> = told.into_iter().collect();
    assert!(told.len() >= 4, "{} reports", told.len());
    let mut joined = Vec::new();
    for (first_bucket, buckets) in &told {
        assert_eq!(*first_bucket, joined.len());
        joined.extend_from_slice(buckets);
    }
    assert_eq!(joined, sound.waveform.levels[0].buckets);
}

#[tokio::test]
async fn cancelling_ends_it_and_keeps_nothing() {
    let shop = Workshop::new();
    let clip = clip_of(&shop, "sine=f=440:r=48000", 30);
    let info = shop.info("sound.mov").await;
    let cancel = CancellationToken::new();
    let cache = shop.path("cache");
    let order = SoundOrder {
        source: &clip,
        info: &info,
        track: None,
        cache: Some(SoundCache {
            folder: &cache,
            content_hash: "abc123",
        }),
    };
    let canceller = cancel.clone();
    let problem = media()
        .sound(order, Some(Box::new(move |_| canceller.cancel())), &cancel)
        .await
        .expect_err("cancelled");
    assert_eq!(problem.code.as_str(), "media.cancelled");
    assert!(!cache.exists());
}

#[tokio::test]
async fn what_was_measured_once_is_read_back_without_ffmpeg() {
    use daypart_media::{Media, MediaToolbox};
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let (source, cache) = (shop.path("base.mp4"), shop.path("cache"));
    let order = |content_hash| SoundOrder {
        source: &source,
        info: &info,
        track: None,
        cache: Some(SoundCache {
            folder: &cache,
            content_hash,
        }),
    };
    let cancel = CancellationToken::new();
    let first = media().sound(order("00ff"), None, &cancel).await.unwrap();
    let without_tools = Media::new(MediaToolbox::in_folder(shop.path("no tools")));
    let again = without_tools.sound(order("00ff"), None, &cancel).await.unwrap();
    assert_eq!(first, again);
    let other = without_tools.sound(order("11ee"), None, &cancel).await;
    assert_eq!(
        other.expect_err("another file").code.as_str(),
        "media.ffmpeg_missing"
    );
}

#[tokio::test]
async fn no_sound_no_samples_and_nothing_to_hear_are_told_apart() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -an none.mp4")
        .ffmpeg("-i base.mp4 -c:v copy -af volume=-90dB -c:a aac silent.mp4")
        .ffmpeg("-i base.mp4 -c:v copy -af atrim=end=0 -c:a libopus empty.mkv");
    let none = listen(&shop.path("none.mp4"), None).await.unwrap();
    assert_eq!(none.audibility, Audibility::NoTrack);
    assert!(none.waveform.levels.is_empty());
    let empty = listen(&shop.path("empty.mkv"), None).await.unwrap();
    assert_eq!(empty.audibility, Audibility::Empty);
    assert!(empty.waveform.levels.is_empty() && empty.silences.is_empty());
    let silent = listen(&shop.path("silent.mp4"), None).await.unwrap();
    assert_eq!(silent.audibility, Audibility::Silent);
    assert_eq!(silent.loudness.integrated_lufs, None);
    assert_eq!(silent.silences.len(), 1);
    let base = listen(&shop.path("base.mp4"), None).await.unwrap();
    assert_eq!(base.audibility, Audibility::Audible);
    assert!(base.silences.is_empty());
    let missing = listen(&shop.path("base.mp4"), Some(7)).await.unwrap();
    assert_eq!(missing.audibility, Audibility::NoTrack);
}

#[tokio::test]
async fn the_wanted_track_is_heard_and_more_channels_are_mixed_down_without_clipping() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg(
        "-i base.mp4 -f lavfi -i aevalsrc='sin(2*PI*300*t)|sin(2*PI*300*t)|sin(2*PI*300*t)|0|sin(2*PI*300*t)|sin(2*PI*300*t)':c=5.1:s=96000:d=4 \
         -map 0:v -map 0:a -map 1:a -c:v copy -c:a pcm_s16le tracks.mov",
    );
    let path = shop.path("tracks.mov");
    let main = listen(&path, None).await.unwrap();
    let first = listen(&path, Some(1)).await.unwrap();
    let second = listen(&path, Some(2)).await.unwrap();
    assert_eq!(main, first);
    let peak = second.loudness.true_peak_dbtp.unwrap();
    assert!(
        (-0.2..=0.05).contains(&peak),
        "all five at full scale: {peak} dBTP"
    );
    assert!(second.loudness.integrated_lufs > first.loudness.integrated_lufs);
}

#[cfg(unix)]
#[tokio::test]
async fn a_sound_that_cannot_be_decoded_is_told_in_words() {
    use crate::encode_faults::toolbox_with_ffmpeg;
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let source = shop.path("base.mp4");
    let order = SoundOrder {
        source: &source,
        info: &info,
        track: None,
        cache: None,
    };
    let toolbox = toolbox_with_ffmpeg(&shop, "#!/bin/sh\necho 'Decoder not found' >&2\nexit 1\n");
    let problem = daypart_media::Media::new(toolbox)
        .sound(order, None, &CancellationToken::new())
        .await
        .expect_err("no decoder");
    assert_eq!(problem.code.as_str(), "media.sound_unreadable");
    assert!(problem.message.contains("base.mp4"), "{problem}");
}
