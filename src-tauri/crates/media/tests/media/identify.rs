//! The quick fingerprint.

use daypart_ports::media::MediaProbe as _;

use crate::clips::{Workshop, media};

#[tokio::test]
async fn a_moved_copy_has_the_same_hash() {
    let shop = Workshop::new().with_base();
    std::fs::copy(shop.path("base.mp4"), shop.path("moved.mp4")).unwrap();
    let first = media().identify(&shop.path("base.mp4")).await.unwrap();
    let second = media().identify(&shop.path("moved.mp4")).await.unwrap();
    assert_eq!(first.content_hash, second.content_hash);
    assert_eq!(first.size_bytes, second.size_bytes);
    assert!(first.modified_at_ms > 0);
}

#[tokio::test]
async fn a_change_of_one_byte_at_the_start_or_the_end_of_a_large_file_shows() {
    let shop = Workshop::new();
    let large = vec![7_u8; 5 << 20];
    let hash = async |name: &str, bytes: &[u8]| {
        let path = shop.write(name, bytes);
        media().identify(&path).await.unwrap().content_hash
    };
    let original = hash("a", &large).await;
    for place in [0, large.len() - 1] {
        let mut changed = large.clone();
        changed[place] ^= 1;
        assert_ne!(hash("b", &changed).await, original, "byte {place}");
    }
    assert_ne!(hash("c", &large[1..]).await, original, "another size");
}

#[tokio::test]
async fn an_empty_file_has_an_identity_and_a_missing_one_has_none() {
    let shop = Workshop::new();
    let path = shop.write("zero.mp4", b"");
    assert_eq!(media().identify(&path).await.unwrap().size_bytes, 0);
    let problem = media().identify(&shop.path("gone.mp4")).await.expect_err("gone");
    assert_eq!(problem.code.as_str(), "file.missing");
}
