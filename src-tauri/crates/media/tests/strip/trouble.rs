//! Files that are damaged, cut, gone or not what they say.

use daypart_media::{
    Media, MediaToolbox,
    strip::{Clip, StripRequest, filmstrip, keyframes_us},
};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, media, patch_after},
    reference::{make, try_make},
};

async fn strip_with_old_info(shop: &Workshop, name: &str) -> Result<usize, String> {
    // What was measured before the file was damaged.
    let info = shop.info("base.mp4").await;
    let path = shop.path(name);
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let cancel = CancellationToken::new();
    filmstrip(
        media().toolbox(),
        clip,
        StripRequest::whole(8, 90),
        None,
        &|_| {},
        &cancel,
    )
    .await
    .map(|strip| strip.tiles.len())
    .map_err(|problem| problem.code.as_str().to_owned())
}

#[tokio::test]
async fn damaged_bytes_cost_pictures_not_the_strip() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    let data = bytes.windows(4).position(|window| window == b"mdat").unwrap();
    let length = bytes.len();
    for step in 0..400 {
        bytes[data + 20_000 + step * 37 % (length - data - 20_000)] ^= 0x5A;
    }
    shop.write("damaged.mp4", &bytes);
    assert!(
        make(&shop.path("damaged.mp4"), StripRequest::whole(8, 90))
            .await
            .tiles
            .len()
            >= 4
    );
}

#[tokio::test]
async fn a_file_that_was_cut_shows_what_is_left() {
    let shop = Workshop::new().with_base();
    let bytes = shop.read("base.mp4");
    shop.write("cut.mp4", &bytes[..bytes.len() * 6 / 10]);
    let tiles = strip_with_old_info(&shop, "cut.mp4").await.unwrap();
    assert!((3..=7).contains(&tiles), "{tiles}");
}

#[tokio::test]
async fn indexes_that_lie_are_left_to_ffmpeg() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    patch_after(&mut bytes, b"avc1", 24, &[0xFF, 0xFF, 0xFF, 0xFF]);
    shop.write("size.mp4", &bytes);
    assert_eq!(strip_with_old_info(&shop, "size.mp4").await, Ok(8));
    let mut bytes = shop.read("base.mp4");
    patch_after(&mut bytes, b"stsz", 8, &0xFFFF_FFF0_u32.to_be_bytes());
    shop.write("count.mp4", &bytes);
    // What ffmpeg makes of it is its own business; it ends.
    let answer = strip_with_old_info(&shop, "count.mp4").await;
    assert!(
        answer == Err("media.strip_failed".to_owned()) || answer.is_ok(),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_is_not_a_video_any_more_has_no_strip() {
    let shop = Workshop::new().with_base();
    shop.write("noise.mp4", &[7; 50_000]);
    assert_eq!(
        strip_with_old_info(&shop, "noise.mp4").await,
        Err("media.strip_failed".to_owned())
    );
    assert_eq!(
        strip_with_old_info(&shop, "gone.mp4").await,
        Err("file.missing".to_owned())
    );
}

#[tokio::test]
async fn one_frame_and_two_pixels() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -an -frames:v 1 -c:v libx264 one.mp4");
    shop.ffmpeg("-f lavfi -i color=red:s=2x2:d=1 -c:v libx264 -pix_fmt yuv420p tiny.mp4");
    assert_eq!(
        make(&shop.path("one.mp4"), StripRequest::whole(60, 90))
            .await
            .tiles
            .len(),
        1
    );
    assert!(
        make(&shop.path("tiny.mp4"), StripRequest::whole(60, 90))
            .await
            .tiles
            .len()
            >= 20
    );
}

#[tokio::test]
async fn more_than_fits_is_cut_to_what_fits() {
    let shop = Workshop::new().with_base();
    let request = StripRequest::window(0, u64::MAX, u32::MAX, u32::MAX);
    let made = try_make(&shop.path("base.mp4"), request).await.unwrap();
    assert_eq!(made.strip.tile_height_px, 360);
    assert!(made.tiles.len() * 640 * 360 * 3 <= 24 << 20);
    let request = StripRequest {
        tiles: 0,
        tile_height_px: 0,
        ..StripRequest::whole(0, 0)
    };
    assert_eq!(make(&shop.path("base.mp4"), request).await.tiles.len(), 1);
}

#[tokio::test]
async fn without_ffmpeg_it_says_so() {
    let shop = Workshop::new().with_base();
    let info = media().probe(&shop.path("base.mp4")).await.unwrap();
    let media = Media::new(MediaToolbox::in_folder(shop.path("nothing here")));
    let path = shop.path("base.mp4");
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let cancel = CancellationToken::new();
    let outcome = filmstrip(
        media.toolbox(),
        clip,
        StripRequest::whole(8, 90),
        None,
        &|_| {},
        &cancel,
    );
    assert_eq!(outcome.await.unwrap_err().code.as_str(), "media.ffmpeg_missing");
    // The index needs no tool.
    assert_eq!(keyframes_us(clip).await, Some(vec![0]));
}
