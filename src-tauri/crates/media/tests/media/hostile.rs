//! Files that try to make Daypart open other files, reach the network, or eat the machine.

use std::{io::ErrorKind, net::TcpListener};

use daypart_ports::media::MediaProbe as _;

use crate::{
    canary::Canary,
    clips::{Workshop, media},
};

/// Texts that point elsewhere, for every reader of such texts that ffmpeg has.
fn pointers(file: &str, address: &str) -> Vec<(&'static str, String)> {
    let hls =
        |entry: &str| format!("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{entry}\n#EXT-X-ENDLIST\n");
    vec![
        ("a list to join", format!("ffconcat version 1.0\nfile '{file}'\n")),
        (
            "a list with a binary tail",
            format!("ffconcat version 1.0\nfile '{file}'\n\u{1}"),
        ),
        ("a stream of files", hls(&format!("file://{file}"))),
        ("a stream of names", hls(file)),
        (
            "a stream from the network",
            hls(&format!("http://{address}/x.ts")),
        ),
        ("a stream with a key from the network", {
            let key = format!("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"http://{address}/key\"\n");
            hls(file).replace("#EXTM3U\n", &key)
        }),
        (
            "a manifest",
            format!(
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><AdaptationSet>\
                 <Representation><BaseURL>http://{address}/x.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>"
            ),
        ),
        (
            "a session",
            format!("v=0\no=- 0 0 IN IP4 {address}\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"),
        ),
        ("a list of subtitles", format!("[Script Info]\n; {file}\n\u{0}")),
    ]
}

#[tokio::test]
async fn text_that_points_elsewhere_opens_no_other_file_and_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let shop = Workshop::new().with_base();
    let good = shop.info("base.mp4").await;
    let canary_path = shop.write("canary.mp4", &shop.read("base.mp4"));
    let canary = Canary::on(&canary_path);
    for (what, text) in pointers(&canary_path.to_string_lossy(), &address) {
        let path = shop.write("x.mp4", text.as_bytes());
        let problem = media().probe(&path).await.expect_err(what);
        assert!(
            matches!(problem.code.as_str(), "media.playlist" | "media.not_video"),
            "{what}: {problem}"
        );
        // ffmpeg itself, as if the file had been swapped after it was measured.
        let poster = media().poster(&path, &good, &shop.path("poster.jpg")).await;
        assert_eq!(
            poster.expect_err(what).code.as_str(),
            "media.poster_failed",
            "{what}"
        );
        assert!(!canary.was_opened(), "{what} opened the other file");
        assert_eq!(
            listener.accept().unwrap_err().kind(),
            ErrorKind::WouldBlock,
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_video_whose_data_is_said_to_lie_in_another_file_opens_no_other_file() {
    let shop = Workshop::new().with_base();
    let canary_path = shop.write("canary.mp4", &shop.read("base.mp4"));
    let canary = Canary::on(&canary_path);
    let mut bytes = shop.read("base.mp4");
    // Every reference becomes an address outside the file: the box grows into the one behind it, which is
    // what a crafted file may do, too.
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|window| window == b"url ") {
        at += found + 4;
        bytes[at..at + 4].fill(0);
    }
    let path = shop.write("x.mp4", &bytes);
    let measured = media().probe(&path).await.expect("its own data is used");
    assert_eq!(measured.video.width_px, 640);
    media()
        .poster(&path, &measured, &shop.path("poster.jpg"))
        .await
        .expect("a poster");
    assert!(!canary.was_opened());
}

#[tokio::test]
async fn a_file_made_of_nothing_but_headers_comes_to_an_end() {
    let shop = Workshop::new();
    let mut bytes = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
    bytes.extend(b"\0\0\0\x08free".repeat(600_000));
    shop.write("headers.mp4", &bytes);
    assert_eq!(shop.refusal("headers.mp4").await.code.as_str(), "media.damaged");
}

#[tokio::test]
async fn a_crafted_index_never_ends_more_than_the_measuring_of_its_file() {
    let shop = Workshop::new().with_base();
    let good = shop.read("base.mp4");
    let index = good.windows(4).position(|window| window == b"moov").unwrap();
    let length = u32::from_be_bytes(*good[index - 4..].first_chunk().unwrap()) as usize;
    let mut state = 20_261_121_u64;
    for round in 0..400 {
        let mut bytes = good.clone();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = index + 4 + usize::try_from(state >> 33).unwrap() % (length - 8);
            bytes[place] = (state >> 20) as u8;
        }
        let path = shop.write("x.mp4", &bytes);
        if let Err(problem) = crate::clips::without_tools().probe(&path).await {
            assert!(
                problem.code.as_str().starts_with("media."),
                "round {round}: {problem}"
            );
        }
    }
}

#[tokio::test]
async fn awkward_names_are_just_names_to_both_tools() {
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
        "$(touch x);`touch y`.mp4",
        "no extension",
    ] {
        let path = shop.write(name, &base);
        let info = media().second_opinion(&path).await.unwrap();
        assert_eq!(info.video.width_px, 640, "{name}");
        let poster = shop.path("poster.jpg");
        media().poster(&path, &info, &poster).await.unwrap();
        std::fs::remove_file(poster).unwrap();
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(shop.names(), ["base.mp4"]);
}
