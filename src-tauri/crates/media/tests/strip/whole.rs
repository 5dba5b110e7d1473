//! The whole clip at a glance, whatever is peculiar about it.

use daypart_media::strip::StripRequest;

use crate::{
    clips::{Workshop, footage, patch_after},
    reference::{assert_true, make},
};

/// Eight seconds of 30 frames, 640 × 360; `how` says how they are stored.
fn moving(shop: &Workshop, how: &str, name: &str) {
    shop.ffmpeg(&format!(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=8 -pix_fmt yuv420p {how} {name}"
    ));
}

const SECOND_GOPS: &str = "-c:v libx264 -preset fast -g 30 -keyint_min 30 -sc_threshold 0";

#[tokio::test]
async fn keyframes_are_shown_at_their_own_times() {
    let shop = Workshop::new();
    moving(&shop, SECOND_GOPS, "x.mp4");
    let made = make(&shop.path("x.mp4"), StripRequest::whole(8, 90)).await;
    let times: Vec<u64> = made.strip.tiles.iter().map(|tile| tile.at_us).collect();
    assert_eq!(times, (0..8).map(|second| second * 1_000_000).collect::<Vec<_>>());
    assert!(made.tiles.iter().all(|tile| tile.is_key));
    assert_eq!(
        (
            made.strip.tile_width_px,
            made.strip.tile_height_px,
            made.strip.columns
        ),
        (160, 90, 8)
    );
    assert_true(&shop.path("x.mp4"), &made);
}

#[tokio::test]
async fn the_sprite_holds_the_tiles() {
    let shop = Workshop::new();
    moving(&shop, SECOND_GOPS, "x.mp4");
    let made = make(&shop.path("x.mp4"), StripRequest::whole(24, 90)).await;
    let strip = &made.strip;
    // Of each second its keyframe, and a frame of the stretch that no keyframe is near to.
    assert_eq!(strip.tiles.len(), 17);
    let sprite = image::load_from_memory(&strip.sprite_jpeg).unwrap().to_rgb8();
    assert_eq!(sprite.dimensions(), (1600, 180));
    for (number, mark) in (0_u32..).zip(&strip.tiles) {
        let tile = made.tiles.iter().find(|tile| tile.at_us == mark.at_us).unwrap();
        let (left, top) = (number % strip.columns * 160, number / strip.columns * 90);
        let cut = image::imageops::crop_imm(&sprite, left, top, 160, 90).to_image();
        let distance = crate::reference::difference(cut.as_raw(), &tile.rgb);
        assert!(distance < 8.0, "tile {number}: {distance}");
    }
}

#[tokio::test]
async fn open_groups_of_h264_and_hevc() {
    let shop = Workshop::new();
    moving(
        &shop,
        &format!("{SECOND_GOPS} -bf 3 -x264-params open-gop=1"),
        "h264.mp4",
    );
    let hevc =
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=30:min-keyint=30:scenecut=0";
    moving(&shop, &format!("{hevc}:bframes=3:open-gop=1"), "cra.mp4");
    moving(&shop, &format!("{hevc}:open-gop=0 -tag:v hvc1"), "idr.mov");
    for name in ["h264.mp4", "cra.mp4", "idr.mov"] {
        let made = make(&shop.path(name), StripRequest::whole(8, 90)).await;
        assert_eq!(made.tiles.len(), 8, "{name}");
        assert!(made.tiles.iter().all(|tile| tile.is_key), "{name}");
        assert_true(&shop.path(name), &made);
    }
}

#[tokio::test]
async fn one_group_of_sixty_seconds_still_has_a_picture_everywhere() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=10:d=60 -pix_fmt yuv420p -c:v libx264 -g 100000 -keyint_min 100000 -sc_threshold 0 one.mp4");
    let made = make(&shop.path("one.mp4"), StripRequest::whole(20, 36)).await;
    assert_eq!(made.tiles.iter().filter(|tile| tile.is_key).count(), 1);
    let times: Vec<u64> = made
        .strip
        .tiles
        .iter()
        .map(|tile| tile.at_us / 1_000_000)
        .collect();
    // The key is near the first two stretches; all others have the frame in their middle.
    assert_eq!(
        times,
        (0..20)
            .map(|number| if number == 0 { 0 } else { number * 3 + 1 })
            .collect::<Vec<_>>()
    );
    assert_true(&shop.path("one.mp4"), &made);
}

#[tokio::test]
async fn upright_and_with_square_pixels() {
    let shop = Workshop::new();
    moving(&shop, SECOND_GOPS, "x.mp4");
    shop.ffmpeg("-i x.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4");
    moving(
        &shop,
        &format!("-vf scale=480:360,setsar=4/3 {SECOND_GOPS}"),
        "wide.mp4",
    );
    // The movie as a whole can be turned, too.
    let mut bytes = shop.read("x.mp4");
    let quarter_turn = [0_u32, 0x0001_0000, 0, 0xFFFF_0000, 0, 0, 0, 0, 0x4000_0000];
    let matrix: Vec<u8> = quarter_turn.iter().flat_map(|cell| cell.to_be_bytes()).collect();
    patch_after(&mut bytes, b"mvhd", 36, &matrix);
    shop.write("whole.mp4", &bytes);
    for name in ["turned.mp4", "whole.mp4"] {
        let turned = make(&shop.path(name), StripRequest::whole(4, 128)).await;
        assert_eq!(
            (turned.strip.tile_width_px, turned.strip.tile_height_px),
            (72, 128),
            "{name}"
        );
        assert_true(&shop.path(name), &turned);
    }
    let wide = make(&shop.path("wide.mp4"), StripRequest::whole(4, 90)).await;
    assert_eq!((wide.strip.tile_width_px, wide.strip.tile_height_px), (160, 90));
    assert_true(&shop.path("wide.mp4"), &wide);
}

#[tokio::test]
async fn high_dynamic_range_is_brought_down_to_the_screen() {
    let shop = Workshop::new();
    let colours = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1";
    shop.ffmpeg(&format!("-f lavfi -i testsrc2=s=640x360:r=30:d=4 -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=30:{colours} hdr.mp4"));
    let made = make(&shop.path("hdr.mp4"), StripRequest::whole(4, 90)).await;
    assert!(made.info.video.hdr);
    assert_eq!(made.tiles.len(), 4);
    // In the order of the book: first the tones at full size, then smaller.
    let tones = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p,scale=160:90,format=rgb24";
    shop.ffmpeg(&format!(
        "-i hdr.mp4 -frames:v 1 -vf {tones} -f rawvideo first.rgb"
    ));
    let first = made.tiles.iter().find(|tile| tile.at_us == 0).unwrap();
    let distance = crate::reference::difference(&shop.read("first.rgb"), &first.rgb);
    assert!(distance < 12.0, "{distance}");
    shop.ffmpeg("-i hdr.mp4 -frames:v 1 -vf scale=160:90,format=rgb24 -f rawvideo flat.rgb");
    let flat = crate::reference::difference(&shop.read("flat.rgb"), &first.rgb);
    assert!(flat > 2.0 * distance, "{flat} against {distance}");
}

#[tokio::test]
async fn a_hidden_lead_in_is_not_in_the_strip() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled cut.mp4");
    let made = make(&shop.path("cut.mp4"), StripRequest::whole(10, 90)).await;
    assert_eq!(made.tiles.len(), 10);
    assert!(
        made.tiles.iter().all(|tile| !tile.is_key),
        "the keyframe is hidden"
    );
    assert_true(&shop.path("cut.mp4"), &made);
}

#[tokio::test]
async fn varying_frame_times_and_a_late_picture() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg(
        "-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -vsync vfr -c:v libx264 -g 15 vfr.mp4",
    );
    shop.ffmpeg("-itsoffset 0.7 -i base.mp4 -i base.mp4 -map 0:v -map 1:a -c copy late.mp4");
    for name in ["vfr.mp4", "late.mp4"] {
        let made = make(&shop.path(name), StripRequest::whole(12, 90)).await;
        assert!(made.tiles.len() >= 7, "{name}: {}", made.tiles.len());
        assert_eq!(made.strip.tiles[0].at_us / 200_000, 0, "{name}");
        assert_true(&shop.path(name), &made);
    }
}

#[tokio::test]
async fn containers_without_an_index_of_ours() {
    let shop = Workshop::new();
    moving(&shop, &format!("{SECOND_GOPS} -bf 2"), "x.mp4");
    shop.ffmpeg("-i x.mp4 -c copy x.mkv");
    shop.ffmpeg("-i x.mp4 -c copy -movflags frag_keyframe+empty_moov pieces.mp4");
    shop.ffmpeg("-i x.mp4 -c copy -output_ts_offset 95000 x.ts");
    for name in ["x.mkv", "pieces.mp4", "x.ts"] {
        let made = make(&shop.path(name), StripRequest::whole(8, 90)).await;
        assert!(
            (7..=10).contains(&made.tiles.len()),
            "{name}: {}",
            made.tiles.len()
        );
        assert_true(&shop.path(name), &made);
    }
}

#[tokio::test]
async fn real_clips() {
    for (name, least) in [
        ("movie1/VID_20191220_170832.mp4", 11),
        ("movie2/movie-hello.mp4", 12),
        ("movie2/movie-hello.avi", 8),
        ("movie2/movie-hello.mpeg", 8),
        ("movie2/movie-hello.ogg", 8),
    ] {
        let path = footage(name);
        let made = make(&path, StripRequest::whole(12, 36)).await;
        assert!(made.tiles.len() >= least, "{name}: {}", made.tiles.len());
        assert_true(&path, &made);
    }
}
