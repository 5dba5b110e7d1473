//! Files from real phones, cameras and editors.

use daypart_domain::media_info::Container;
use daypart_ports::media::MediaProbe as _;

use crate::clips::{footage, media};

#[tokio::test]
async fn an_android_phone_clip_is_measured_with_its_varying_rate_and_its_place() {
    let info = media()
        .probe(&footage("movie1/VID_20191220_170832.mp4"))
        .await
        .unwrap();
    assert_eq!(info.container, Container::Mp4);
    assert_eq!(info.size_bytes, 2_942_343);
    assert_eq!((info.video.width_px, info.video.height_px), (1920, 1080));
    assert_eq!(info.video.codec, "h264");
    assert_eq!(info.duration_ms, 1517, "of the picture, not of the longer sound");
    assert!(info.video.variable_frame_rate);
    let rate = info.video.average_frame_rate.unwrap().frames_per_second();
    assert!((27.0..27.1).contains(&rate), "{rate}");
    assert!(info.has_private_metadata, "the clip carries a GPS position");
    assert_eq!(info.index_first, Some(true));
    let audio = info.audio.unwrap();
    assert_eq!(
        (audio.codec.as_str(), audio.channels, audio.sample_rate_hz),
        ("aac", 2, 48_000)
    );
}

#[tokio::test]
async fn an_edited_clip_keeps_its_constant_rate_in_spite_of_an_odd_last_frame() {
    let info = media().probe(&footage("movie2/movie-hello.mp4")).await.unwrap();
    assert_eq!((info.video.width_px, info.video.height_px), (1280, 720));
    assert!(!info.video.variable_frame_rate);
    let rate = info.video.average_frame_rate.unwrap();
    assert_eq!((rate.numerator, rate.denominator), (30, 1));
    assert!(
        (8_200..=8_400).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
    assert!(!info.has_private_metadata);
}

#[tokio::test]
async fn older_containers_are_told_apart() {
    let cases = [
        ("movie2/movie-hello.avi", Container::Avi, "h264", (1024, 576)),
        (
            "movie2/movie-hello.mpeg",
            Container::MpegPs,
            "mpeg2video",
            (640, 480),
        ),
        ("movie2/movie-hello.ogg", Container::Other, "theora", (720, 480)),
    ];
    for (name, container, codec, size) in cases {
        let info = media().probe(&footage(name)).await.unwrap();
        assert_eq!(info.container, container, "{name}");
        assert_eq!(info.video.codec, codec, "{name}");
        assert_eq!((info.video.width_px, info.video.height_px), size, "{name}");
        assert!(
            (8_200..=8_400).contains(&info.duration_ms),
            "{name}: {}",
            info.duration_ms
        );
        assert_eq!(info.index_first, None, "{name}");
    }
}

#[tokio::test]
async fn photos_sounds_and_documents_are_refused_for_what_they_are() {
    let cases = [
        ("pic1/IMG_1054.JPG", "media.picture"),
        ("pic1/debian.png", "media.picture"),
        ("pic1/debian.ppm", "media.not_video"),
        ("pic1/debian.xcf", "media.not_video"),
        ("audio1/debian.mp3", "media.sound_only"),
        ("audio1/debian.ogg", "media.sound_only"),
        ("audio1/debian.wav", "media.sound_only"),
        ("text1/a-text.pdf", "media.not_video"),
        ("text1/a-text.docx", "media.not_video"),
        ("text2/test.sh", "media.not_video"),
    ];
    for (name, code) in cases {
        let problem = media().probe(&footage(name)).await.expect_err(name);
        assert_eq!(problem.code.as_str(), code, "{name}: {problem}");
        let short_name = name.rsplit('/').next().unwrap();
        assert!(problem.message.contains(short_name), "{problem}");
        assert!(problem.fix.is_some(), "{name}");
    }
}
