//! Strips made once are kept, within a limit.

use std::sync::atomic::{AtomicUsize, Ordering};

use daypart_media::strip::{Clip, Strip, StripCache, StripRequest, filmstrip};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, media};

/// The strip of a file of the folder, and how many pictures were made for it.
async fn strip(shop: &Workshop, name: &str, cache: &StripCache, request: StripRequest) -> (Strip, usize) {
    let media = media();
    let path = shop.path(name);
    let info = media.probe(&path).await.unwrap();
    let identity = media.identify(&path).await.unwrap();
    let made = AtomicUsize::new(0);
    let on_tile = |_: &_| {
        made.fetch_add(1, Ordering::Relaxed);
    };
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let cancel = CancellationToken::new();
    let strip = filmstrip(
        media.toolbox(),
        clip,
        request,
        Some((cache, &identity)),
        &on_tile,
        &cancel,
    )
    .await
    .unwrap();
    (strip, made.into_inner())
}

#[tokio::test]
async fn the_same_content_is_decoded_once_whatever_its_name() {
    let shop = Workshop::new().with_base();
    let cache = StripCache::new(shop.path("cache"), 10 << 20);
    let request = StripRequest::whole(8, 90);
    let (first, made) = strip(&shop, "base.mp4", &cache, request).await;
    assert_eq!(made, 8);
    std::fs::rename(shop.path("base.mp4"), shop.path("moved.mp4")).unwrap();
    let (second, made) = strip(&shop, "moved.mp4", &cache, request).await;
    assert_eq!((made, &second), (0, &first));
    let (_, made) = strip(&shop, "moved.mp4", &cache, StripRequest::whole(9, 90)).await;
    assert_eq!(made, 9, "another request is another strip");
}

#[tokio::test]
async fn a_damaged_entry_is_made_anew() {
    let shop = Workshop::new().with_base();
    let cache = StripCache::new(shop.path("cache"), 10 << 20);
    let request = StripRequest::whole(8, 90);
    strip(&shop, "base.mp4", &cache, request).await;
    for file in std::fs::read_dir(shop.path("cache")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            std::fs::write(path, b"{\"tiles\":").unwrap();
        }
    }
    assert_eq!(strip(&shop, "base.mp4", &cache, request).await.1, 8);
    assert_eq!(strip(&shop, "base.mp4", &cache, request).await.1, 0);
}

#[tokio::test]
async fn the_least_recently_used_goes_first() {
    let shop = Workshop::new().with_base();
    let cache = StripCache::new(shop.path("cache"), u64::MAX);
    let requests = [8, 9, 10].map(|tiles| StripRequest::whole(tiles, 90));
    strip(&shop, "base.mp4", &cache, requests[0]).await;
    strip(&shop, "base.mp4", &cache, requests[1]).await;
    // File times are coarse: what is used from here on is younger for certain.
    let an_hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
    for file in std::fs::read_dir(shop.path("cache")).unwrap() {
        let file = std::fs::File::options()
            .write(true)
            .open(file.unwrap().path())
            .unwrap();
        file.set_modified(an_hour_ago).unwrap();
    }
    // Used again, the first is younger than the second.
    assert_eq!(strip(&shop, "base.mp4", &cache, requests[0]).await.1, 0);
    std::fs::write(shop.path("cache").join("leftover.jpg.part"), [0; 10]).unwrap();
    let kept_bytes: u64 = std::fs::read_dir(shop.path("cache"))
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    // Room for about two of the three that will be there.
    let small = StripCache::new(shop.path("cache"), kept_bytes * 5 / 4);
    strip(&shop, "base.mp4", &small, requests[2]).await;
    assert_eq!(strip(&shop, "base.mp4", &small, requests[0]).await.1, 0);
    assert_eq!(strip(&shop, "base.mp4", &small, requests[2]).await.1, 0);
    assert_eq!(
        strip(&shop, "base.mp4", &small, requests[1]).await.1,
        9,
        "it had to go"
    );
}
