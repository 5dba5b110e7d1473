//! The first pictures are spread over the whole clip.

use daypart_media::strip::StripRequest;

use crate::{clips::Workshop, reference::make};

#[tokio::test]
async fn the_first_eight_cover_the_clip() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=10:d=120 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 10 -sc_threshold 0 x.mp4");
    let made = make(&shop.path("x.mp4"), StripRequest::whole(60, 90)).await;
    assert_eq!(made.tiles.len(), 60);
    let mut first: Vec<u64> = made.tiles[..8].iter().map(|tile| tile.at_us).collect();
    first.sort_unstable();
    // Two processes may be a picture apart; a quarter without any would be an order from left to right.
    let widest = first.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(widest <= 48_000_000, "{first:?}");
    assert!(first[7] >= 80_000_000, "{first:?}");
}
