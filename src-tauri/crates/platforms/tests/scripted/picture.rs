//! What may stand at the address of an account's picture.

use std::io::Cursor;

use daypart_domain::platform::Realm;
use daypart_platforms::{PictureSource, codes};
use image::{ImageFormat, RgbImage};

use crate::server::Server;

fn encoded(width_px: u32, height_px: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width_px, height_px, image::Rgb([200, 40, 40]))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

fn source(server: &Server) -> PictureSource {
    PictureSource::new(Some(server.loopback())).unwrap()
}

/// Fetches what the server answers next as the picture of a practice account.
async fn practice(server: &Server) -> Result<Vec<u8>, daypart_domain::problem::Problem> {
    source(server)
        .fetch(Realm::Practice, &format!("{}/ada.png", server.base))
        .await
}

#[tokio::test]
async fn a_picture_of_any_known_kind_becomes_a_small_png() {
    for (format, kind) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let server = Server::start().await;
        server.then(200, &[("content-type", kind)], encoded(720, 360, format));
        let png = practice(&server).await.unwrap();
        let drawn = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (128, 64), "{kind}");
    }
}

#[tokio::test]
async fn what_is_not_a_picture_is_refused_whatever_it_calls_itself() {
    let png = || encoded(8, 8, ImageFormat::Png);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    for (status, kind, body) in [
        (200, "text/html", png()),
        (200, "image/svg+xml", svg.clone()),
        (200, "image/png", svg),
        (200, "image/png", png()[..40].to_vec()),
        (403, "image/png", png()),
    ] {
        let server = Server::start().await;
        server.then(status, &[("content-type", kind)], body);
        let problem = practice(&server).await.unwrap_err();
        assert_eq!(problem.code, codes::ACCOUNT_PICTURE, "{status} {kind}");
    }
}

#[tokio::test]
async fn a_picture_that_is_small_on_the_wire_only_is_refused() {
    let server = Server::start().await;
    let strip = encoded(20_000, 60, ImageFormat::Png);
    assert!(strip.len() < 64 << 10, "small on the wire");
    server.then(200, &[("content-type", "image/png")], strip);
    assert_eq!(practice(&server).await.unwrap_err().code, codes::ACCOUNT_PICTURE);
}

#[tokio::test]
async fn more_bytes_than_a_picture_needs_are_not_read() {
    let server = Server::start().await;
    server.then(200, &[("content-type", "image/png")], vec![0; 3 << 20]);
    assert_eq!(practice(&server).await.unwrap_err().code, codes::ANSWER_LOST);
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_by_a_picture() {
    let server = Server::start().await;
    let elsewhere = format!("{}/other.png", server.base);
    server.then(302, &[("location", &elsewhere)], "");
    assert_eq!(practice(&server).await.unwrap_err().code, codes::ACCOUNT_PICTURE);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_real_account_is_asked_for_over_https_only_and_practice_never_leaves_its_platforms() {
    let (server, other) = (Server::start().await, Server::start().await);
    let source = source(&server);
    for (realm, address) in [
        (Realm::Real, format!("{}/ada.png", server.base)),
        (Realm::Real, "file:///etc/passwd".to_owned()),
        (Realm::Practice, format!("{}/ada.png", other.base)),
        (Realm::Practice, "https://example.org/ada.png".to_owned()),
        (Realm::Practice, "not an address".to_owned()),
    ] {
        let problem = source.fetch(realm, &address).await.unwrap_err();
        assert_eq!(problem.code, codes::ACCOUNT_PICTURE, "{realm:?} {address}");
    }
    assert!(server.seen().is_empty() && other.seen().is_empty());
}
