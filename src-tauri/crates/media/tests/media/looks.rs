//! What a few pictures show: bars, and a beginning in the dark.

use daypart_domain::analysis::BlackBars;
use daypart_media::strip::Clip;
use daypart_ports::{media::MediaProbe as _, timeline::Looks};
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

async fn looks(shop: &Workshop, name: &str) -> Looks {
    let (info, path) = (shop.info(name).await, shop.path(name));
    let clip = Clip {
        path: &path,
        info: &info,
    };
    media().look_at(clip, &CancellationToken::new()).await.unwrap()
}

fn near(found: u32, expected: u32) -> bool {
    found.abs_diff(expected) <= 6
}

#[tokio::test]
async fn black_bars_are_found_where_they_are() {
    let shop = Workshop::new();
    let source = "-f lavfi -i testsrc2=s=1280x720:r=10:d=2";
    let encode = "-c:v libx264 -preset ultrafast -g 5 -pix_fmt yuv420p";
    shop.ffmpeg(&format!("{source} {encode} full.mp4"))
        .ffmpeg(&format!("{source} -vf pad=1280:960:0:120 {encode} letterbox.mp4"))
        .ffmpeg(&format!("{source} -vf pad=1600:720:320:0 {encode} pillar.mp4"))
        .ffmpeg(&format!("{source} -vf pad=1280:960:0:120 {encode} letterbox.mkv"));
    assert_eq!(
        looks(&shop, "full.mp4").await,
        Looks {
            black_bars: Some(BlackBars::default()),
            first_frame_black: Some(false)
        }
    );
    for name in ["letterbox.mp4", "letterbox.mkv"] {
        let bars = looks(&shop, name).await.black_bars.unwrap();
        assert!(
            near(bars.top_px, 120) && near(bars.bottom_px, 120),
            "{name}: {bars:?}"
        );
        assert_eq!((bars.left_px, bars.right_px), (0, 0), "{name}");
    }
    let bars = looks(&shop, "pillar.mp4").await.black_bars.unwrap();
    assert!(near(bars.left_px, 320) && bars.right_px == 0, "{bars:?}");
}

#[tokio::test]
async fn a_beginning_in_the_dark_is_seen_and_a_dark_clip_has_no_bars() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=640x360:r=10:d=2 -vf fade=t=in:d=1 -c:v libx264 -preset ultrafast -g 5 -pix_fmt \
         yuv420p fade.mp4",
    )
    .ffmpeg("-f lavfi -i color=black:s=640x360:r=10:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p dark.mp4");
    let fade = looks(&shop, "fade.mp4").await;
    assert_eq!(fade.first_frame_black, Some(true));
    assert_eq!(fade.black_bars, Some(BlackBars::default()));
    let dark = looks(&shop, "dark.mp4").await;
    assert_eq!((dark.first_frame_black, dark.black_bars), (Some(true), None));
}

#[tokio::test]
async fn real_footage_is_told_apart() {
    // A recorded screen of 1150 × 720 in a frame of 1280 × 720, and a phone's full frame.
    for (name, left_px, right_px) in [
        ("movie2/movie-hello.mp4", 64, 65),
        ("movie1/VID_20191220_170832.mp4", 0, 0),
    ] {
        let path = footage(name);
        let info = media().probe(&path).await.unwrap();
        let clip = Clip {
            path: &path,
            info: &info,
        };
        let looks = media().look_at(clip, &CancellationToken::new()).await.unwrap();
        let bars = looks.black_bars.unwrap();
        assert!(
            near(bars.left_px, left_px) && near(bars.right_px, right_px),
            "{name}: {bars:?}"
        );
        assert_eq!((bars.top_px, bars.bottom_px), (0, 0), "{name}");
        assert_eq!(looks.first_frame_black, Some(false), "{name}");
    }
}
