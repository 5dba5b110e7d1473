//! The owner's scan, thumbnails, captions, playlists, categories: contract §8, §10.12, §10.13.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::youtube::{api, body, connect, get, post, reason};
use crate::common::{Stage, clips, json_of};

async fn uploads_playlist(stage: &Stage, token: &str) -> String {
    let (_, said) = get(stage, token, "channels?part=contentDetails&mine=true").await;
    said["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["snippet"]["title"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_owner_finds_private_uploads_newest_first_page_by_page() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let (other, _) = connect(&stage, "studio").await;
    for title in ["One", "Two", "Three"] {
        post(&stage, &token, title.as_bytes(), &body(title, "private")).await;
    }
    let playlist = uploads_playlist(&stage, &token).await;
    let list = format!("playlistItems?part=snippet,contentDetails,status&playlistId={playlist}&maxResults=2");
    let (_, page) = get(&stage, &token, &list).await;
    assert_eq!(titles(&page), ["Three", "Two"]);
    assert_eq!(page["items"][0]["status"]["privacyStatus"], "private");
    let next = page["nextPageToken"].as_str().unwrap();
    let (_, rest) = get(&stage, &token, &format!("{list}&pageToken={next}")).await;
    assert_eq!(titles(&rest), ["One"]);
    assert!(rest.get("nextPageToken").is_none());
    let (_, foreign) = get(&stage, &other, &list).await;
    assert!(titles(&foreign).is_empty(), "others do not see private items");
    assert_eq!(
        get(&stage, &token, &format!("{list}&pageToken=nonsense")).await.0,
        400
    );
    let (status, said) = get(&stage, &token, "playlistItems?part=snippet&playlistId=PLunknown").await;
    assert_eq!(reason(status, said), (404, "playlistNotFound".to_owned()));
}

#[tokio::test]
async fn the_uploads_playlist_may_lag() {
    let stage = Stage::lenient().await;
    stage
        .set(json!({"youtube": {"uploads_list_delay_ms": 60_000}}))
        .await;
    let (token, _) = connect(&stage, "ada").await;
    post(&stage, &token, b"clip", &body("Late", "private")).await;
    let list = format!(
        "playlistItems?part=snippet&playlistId={}",
        uploads_playlist(&stage, &token).await
    );
    assert!(titles(&get(&stage, &token, &list).await.1).is_empty());
    stage.advance(61).await;
    assert_eq!(titles(&get(&stage, &token, &list).await.1), ["Late"]);
}

#[tokio::test]
async fn playlists_take_a_video_once_it_is_known_and_even_twice() {
    let stage = Stage::lenient().await;
    stage.set(json!({"youtube": {"not_found_ms": 5000}})).await;
    let (token, _) = connect(&stage, "ada").await;
    let (_, lists) = get(
        &stage,
        &token,
        "playlists?part=snippet,status&mine=true&maxResults=50",
    )
    .await;
    let playlist = lists["items"][0]["id"].as_str().unwrap().to_owned();
    let id = post(&stage, &token, b"clip", &body("Title", "private")).await;
    let add = |playlist: String, id: String| {
        let item = json!({"snippet": {"playlistId": playlist, "resourceId": {"kind": "youtube#video", "videoId": id}}});
        let request = api(&stage, &token, Method::POST, "playlistItems?part=snippet").json(&item);
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), json_of(answer).await)
        }
    };
    let (status, said) = add(playlist.clone(), id.clone()).await;
    assert_eq!(
        reason(status, said),
        (404, "videoNotFound".to_owned()),
        "right after the upload"
    );
    stage.advance(6).await;
    assert_eq!(add(playlist.clone(), id.clone()).await.0, 200);
    assert_eq!(add(playlist.clone(), id.clone()).await.0, 200, "not idempotent");
    let (_, page) = get(
        &stage,
        &token,
        &format!("playlistItems?part=snippet&playlistId={playlist}"),
    )
    .await;
    assert_eq!(titles(&page), ["Title", "Title"]);
    let (status, said) = add("PLpracticestudio".to_owned(), id).await;
    assert_eq!(
        reason(status, said),
        (403, "playlistItemsNotAccessible".to_owned())
    );
}

#[tokio::test]
async fn thumbnails_are_sniffed_limited_and_reserved_for_verified_channels() {
    let stage = Stage::real().await;
    stage
        .set(json!({"youtube": {"processing_ms": 3_600_000, "thumbnails_per_hour": 5}}))
        .await;
    let (token, _) = connect(&stage, "ada").await;
    let wide = post(
        &stage,
        &token,
        &clips::clip("640x360", 30, 1),
        &body("Wide", "private"),
    )
    .await;
    let set = |token: String, id: String, kind: &'static str, bytes: Vec<u8>| {
        let url = stage.url(&format!(
            "/google/www/upload/youtube/v3/thumbnails/set?videoId={id}"
        ));
        let request = stage
            .http
            .post(url)
            .bearer_auth(token)
            .header("Content-Type", kind)
            .body(bytes);
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), json_of(answer).await)
        }
    };
    let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE0][..], &[0; 100]].concat();
    let (status, said) = set(token.clone(), wide.clone(), "image/jpeg", jpeg.clone()).await;
    assert_eq!(status, 200, "{said}");
    let shown = stage
        .http
        .get(said["items"][0]["default"]["url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(shown.bytes().await.unwrap(), jpeg);
    let (status, said) = set(token.clone(), wide.clone(), "image/jpeg", b"GIF89a".to_vec()).await;
    assert_eq!(reason(status, said), (400, "invalidImage".to_owned()));
    let (status, said) = set(token.clone(), "unknown".to_owned(), "image/png", jpeg.clone()).await;
    assert_eq!(reason(status, said), (404, "videoNotFound".to_owned()));
    stage.set(json!({"youtube": {"thumbnail_max_bytes": 50}})).await;
    let (status, said) = set(token.clone(), wide.clone(), "image/jpeg", jpeg.clone()).await;
    assert_eq!(reason(status, said), (400, "failedPrecondition".to_owned()));
    stage.set(json!({"youtube": {"thumbnail_max_bytes": 5000}})).await;
    let short = post(
        &stage,
        &token,
        &clips::clip("360x640", 30, 1),
        &body("Short", "private"),
    )
    .await;
    // The shape is known when the file has been looked at; the owner's fileDetails show it.
    while crate::common::youtube::video(&stage, &token, &short).await["fileDetails"]
        .get("durationMs")
        .is_none()
    {
        tokio::task::yield_now().await;
    }
    let (status, said) = set(token.clone(), short, "image/jpeg", jpeg.clone()).await;
    assert_eq!(
        reason(status, said),
        (400, "failedPrecondition".to_owned()),
        "a Short before processing"
    );
    let (status, _) = set(token.clone(), wide.clone(), "image/jpeg", jpeg.clone()).await;
    assert_eq!(status, 200);
    let (status, said) = set(token, wide, "image/jpeg", jpeg.clone()).await;
    assert_eq!(reason(status, said), (429, "uploadRateLimitExceeded".to_owned()));

    let (studio, _) = connect(&stage, "studio").await;
    let id = post(&stage, &studio, b"clip", &body("Title", "private")).await;
    let (status, said) = set(studio, id, "image/jpeg", jpeg).await;
    assert_eq!(reason(status, said), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn captions_need_times_and_a_name_of_their_own() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let id = post(&stage, &token, b"clip", &body("Title", "private")).await;
    let send = |name: String, file: &'static str| {
        let meta = json!({"snippet": {"videoId": id, "language": "en", "name": name, "isDraft": false}});
        let whole = format!(
            "--edge\r\nContent-Type: application/json\r\n\r\n{meta}\r\n--edge\r\nContent-Type: text/vtt\r\n\r\n{file}\r\n--edge--\r\n"
        );
        let url = stage.url("/google/www/upload/youtube/v3/captions?part=snippet&uploadType=multipart");
        let request = stage
            .http
            .post(url)
            .bearer_auth(&token)
            .header("Content-Type", "multipart/related; boundary=edge");
        async move {
            let answer = request.body(whole).send().await.unwrap();
            (answer.status().as_u16(), json_of(answer).await)
        }
    };
    let timed = "WEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\nHello";
    let (status, said) = send("English".to_owned(), "Hello").await;
    assert_eq!(reason(status, said), (400, "contentRequired".to_owned()));
    let (status, said) = send("x".repeat(151), timed).await;
    assert_eq!(reason(status, said), (400, "nameTooLong".to_owned()));
    let (status, said) = send("English".to_owned(), timed).await;
    assert_eq!((status, &said["snippet"]["status"]), (200, &json!("serving")));
    let (status, said) = send("English".to_owned(), timed).await;
    assert_eq!(reason(status, said), (409, "captionExists".to_owned()));
    let (_, listed) = get(&stage, &token, &format!("captions?part=snippet&videoId={id}")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn categories_say_which_are_assignable() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let (_, said) = get(&stage, &token, "videoCategories?part=snippet&regionCode=US").await;
    let find = |id: &str| {
        said["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["id"] == id)
            .unwrap()["snippet"]["assignable"]
            .clone()
    };
    assert_eq!((find("22"), find("18")), (json!(true), json!(false)));
}
