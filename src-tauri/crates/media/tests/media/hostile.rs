//! Files that try to make Daypart open other files, reach the network, or eat the machine.

use std::{io::ErrorKind, net::TcpListener};

use crate::clips::{Workshop, patch_after};

#[tokio::test]
async fn a_concat_script_named_like_a_video_opens_no_other_file() {
    let shop = Workshop::new().with_base();
    shop.write("x.mp4", b"ffconcat version 1.0\nfile base.mp4\n");
    assert_eq!(shop.refusal("x.mp4").await.code.as_str(), "media.playlist");
}

#[tokio::test]
async fn a_concat_script_behind_leading_noise_is_refused_by_ffprobe_itself() {
    let shop = Workshop::new().with_base();
    shop.write("x.mp4", b"ffconcat version 1.0\nfile base.mp4\n\x01");
    let problem = shop.refusal("x.mp4").await;
    assert!(problem.code.as_str().starts_with("media."), "{problem}");
}

#[tokio::test]
async fn a_stream_playlist_named_like_a_video_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let shop = Workshop::new();
    let playlist =
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://{address}/x.ts\n#EXT-X-ENDLIST\n");
    shop.write("x.mp4", playlist.as_bytes());
    assert_eq!(shop.refusal("x.mp4").await.code.as_str(), "media.playlist");
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_header_that_claims_68_years_is_corrected_by_the_frame_table() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    // Version 0: flags, two times and the timescale stand before the length.
    patch_after(&mut bytes, b"mvhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
    patch_after(&mut bytes, b"mdhd", 16, &0x7FFF_FFFF_u32.to_be_bytes());
    shop.write("long.mp4", &bytes);
    let info = shop.info("long.mp4").await;
    assert!(
        (3_950..=4_050).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
}

#[tokio::test]
async fn an_index_that_claims_four_gigabytes_does_not_stop_the_probe() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    let place = bytes.windows(4).position(|window| window == b"moov").unwrap();
    bytes[place - 4..place].copy_from_slice(&0xFFFF_FFF0_u32.to_be_bytes());
    shop.write("lie.mp4", &bytes);
    match shop.probe("lie.mp4").await {
        Ok(info) => assert_eq!((info.video.width_px, info.video.height_px), (640, 360)),
        Err(problem) => assert_eq!(problem.code.as_str(), "media.truncated"),
    }
}

#[tokio::test]
async fn a_header_that_claims_65535_pixels_loses_against_the_decoder() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    patch_after(&mut bytes, b"avc1", 24, &[0xFF, 0xFF, 0xFF, 0xFF]);
    shop.write("lie.mp4", &bytes);
    let info = shop.info("lie.mp4").await;
    assert_eq!((info.video.width_px, info.video.height_px), (640, 360));
}

#[tokio::test]
async fn a_picture_bomb_is_refused_without_decoding_it() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i color=black:s=12000x12000 -frames:v 1 -update 1 bomb.png");
    std::fs::rename(shop.path("bomb.png"), shop.path("bomb.mp4")).unwrap();
    assert_eq!(shop.refusal("bomb.mp4").await.code.as_str(), "media.picture");
}

#[tokio::test]
async fn awkward_names_are_just_names() {
    let shop = Workshop::new().with_base();
    let base = shop.read("base.mp4");
    for name in [
        "-dash.mp4",
        "a:b.mp4",
        "%03d.mp4",
        "it's \"quoted\".mp4",
        "line\nbreak.mp4",
        "emoji 🎬.mp4",
        "http:x.mp4",
        "no extension",
    ] {
        shop.write(name, &base);
        let info = shop.info(name).await;
        assert_eq!(info.video.width_px, 640, "{name}");
    }
}
