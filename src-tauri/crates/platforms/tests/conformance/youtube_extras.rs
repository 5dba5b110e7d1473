//! What is added to a video at YouTube, against the simulator: it is there once however often it is asked for, and no
//! refusal of it touches the post.

use daypart_domain::{
    options::OptionValue,
    problem::{Problem, RetryClass, UserAction},
    publication::RemoteHandle,
};
use daypart_ports::{
    conformance::platform::{PlatformHarness, begin_as, file, ok, read_back, refused, session},
    platform::{Live, Session, Submission, SubmittedCaptions, SubmittedCover},
};
use serde_json::{Value, json};

use crate::{
    harness::Harness,
    youtube::{submission, youtube},
};

/// The least that a reader of signatures takes for a JPEG.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture \xff\xd9";
const SRT: &str = "1\n00:00:00,000 --> 00:00:01,000\nHello\n\n";
const PLAYLIST: &str = "PLpracticeada";
const ALL: [&str; 3] = ["cover", "captions", "playlist"];

struct Video {
    harness: Harness,
    session: Session,
    submission: Submission,
    remote: RemoteHandle,
}

/// A video with everything that can be added to it, nothing of which is there yet.
async fn video() -> Video {
    posted(youtube().await).await
}

async fn posted(harness: Harness) -> Video {
    let session = session(&harness).await;
    let wanted = with_everything(&harness).await;
    let transfer = begin_as(&harness, &session, wanted).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    read_back(&harness, &session, &remote, 1).await;
    Video {
        harness,
        session,
        submission: transfer.submission,
        remote,
    }
}

async fn with_everything(harness: &Harness) -> Submission {
    let mut wanted = submission(file(harness, 5_000).await);
    for (key, value) in [("playlist", PLAYLIST), ("caption_language", "de")] {
        let value = OptionValue::Text(value.into());
        wanted.content.options.insert(key.into(), value);
    }
    let (jpeg, srt) = (
        harness.folder().join("cover.jpg"),
        harness.folder().join("captions.srt"),
    );
    std::fs::write(&jpeg, JPEG).unwrap();
    std::fs::write(&srt, SRT).unwrap();
    wanted.accompaniment.cover = Some(SubmittedCover {
        at_ms: Some(0),
        jpeg: Some(jpeg),
    });
    wanted.accompaniment.captions = Some(SubmittedCaptions { srt: Some(srt) });
    wanted
}

impl Video {
    async fn add(&self, key: &str) -> Result<(), Problem> {
        let live = Live {
            remote: Some(&self.remote),
            receipt: None,
        };
        let platform = self.harness.platform();
        platform
            .add_extra(&self.session, live, &self.submission, key)
            .await
    }

    async fn there(&self) -> Value {
        let posts = self.harness.posts().await;
        assert_eq!(posts.len(), 1, "the post itself");
        posts[0]["options"].clone()
    }

    async fn has_everything_once(&self) {
        let there = self.there().await;
        assert_eq!(there["thumbnail"], "image/jpeg");
        assert_eq!(
            there["captions"],
            json!([{"language": "de", "name": "", "text": SRT}])
        );
        assert_eq!(there["playlists"], json!([PLAYLIST]));
    }
}

#[tokio::test]
async fn cover_captions_and_playlist_are_there_once_however_often_they_are_asked_for() {
    let video = video().await;
    let platform = video.harness.platform();
    assert_eq!(platform.wanted_extras(&video.submission), ALL);
    for key in platform.capabilities().extras.iter().map(|spec| spec.key) {
        for _ in 0..2 {
            ok(video.add(key).await, key);
        }
    }
    video.has_everything_once().await;
}

#[tokio::test]
async fn nothing_is_added_that_nobody_asked_for() {
    let harness = youtube().await;
    let plain = submission(file(&harness, 5_000).await);
    assert!(harness.platform().wanted_extras(&plain).is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_a_passing_fault_and_the_repeat_leaves_one() {
    for lost in ["drop_before_commit", "drop_after_commit", "truncate_body"] {
        let video = video().await;
        for (key, endpoint) in ALL
            .iter()
            .zip(["thumbnails_set", "captions_insert", "playlist_items_insert"])
        {
            video.harness.rule(endpoint, json!({"kind": lost})).await;
            if let Err(problem) = video.add(key).await {
                assert_eq!(problem.retry, RetryClass::Transient, "{key} {lost}: {problem:?}");
            }
            ok(video.add(key).await, key);
        }
        video.has_everything_once().await;
    }
}

#[tokio::test]
async fn a_platform_in_trouble_or_a_spent_quota_makes_it_wait() {
    let video = video().await;
    for (key, endpoint) in ALL
        .iter()
        .zip(["thumbnails_set", "captions_insert", "playlist_items_list"])
    {
        let broken = json!({"kind": "status", "status": 503});
        video.harness.rule(endpoint, broken).await;
        let problem = refused(video.add(key).await, key);
        assert_eq!(problem.retry, RetryClass::Transient, "{problem:?}");
        video.harness.rule(endpoint, json!({"kind": "quota"})).await;
        let problem = refused(video.add(key).await, key);
        assert!(
            matches!(problem.retry, RetryClass::RateLimited { .. }),
            "{problem:?}"
        );
        ok(video.add(key).await, key);
    }
    video.has_everything_once().await;
}

#[tokio::test]
async fn too_many_thumbnails_wait_at_least_an_hour() {
    let video = video().await;
    video.harness.setting("thumbnails_per_hour", 1.into()).await;
    ok(video.add("cover").await, "the first");
    let problem = refused(video.add("cover").await, "the second");
    let RetryClass::RateLimited { until } = problem.retry else {
        panic!("{problem:?}");
    };
    assert!(until.duration_since(video.harness.now()).as_secs() > 3_500);
}

#[tokio::test]
async fn a_channel_that_is_not_verified_is_told_how_to_become_so() {
    let harness = youtube().await;
    let unverified =
        json!({"accounts": [{"platform": "youtube", "account": "ada", "custom_thumbnails": false}]});
    harness.control("settings", unverified).await;
    let video = posted(harness).await;
    let problem = refused(video.add("cover").await, "cover");
    assert_eq!(
        problem.retry,
        RetryClass::NeedsUser {
            action: UserAction::CheckPlatform
        }
    );
    assert!(problem.message.contains("verified"), "{problem}");
    assert_eq!(video.there().await["thumbnail"], Value::Null);
}

#[tokio::test]
async fn a_picture_that_is_none_or_too_large_is_given_back_to_the_user() {
    let video = video().await;
    let jpeg = video.harness.folder().join("cover.jpg");
    std::fs::write(&jpeg, b"not a picture").unwrap();
    let wants_another = RetryClass::NeedsUser {
        action: UserAction::EditPost,
    };
    assert_eq!(refused(video.add("cover").await, "cover").retry, wants_another);
    video.harness.setting("thumbnail_max_bytes", 4.into()).await;
    std::fs::write(&jpeg, JPEG).unwrap();
    assert_eq!(refused(video.add("cover").await, "cover").retry, wants_another);
}

#[tokio::test]
async fn a_video_that_playlists_do_not_find_yet_is_tried_again() {
    let video = video().await;
    video.harness.setting("not_found_ms", 3_600_000.into()).await;
    for key in ["playlist", "captions"] {
        let problem = refused(video.add(key).await, key);
        assert_eq!(problem.retry, RetryClass::Transient, "{key}: {problem:?}");
    }
    video.harness.setting("not_found_ms", 0.into()).await;
    for key in ALL {
        ok(video.add(key).await, key);
    }
    video.has_everything_once().await;
}

#[tokio::test]
async fn a_playlist_that_is_gone_is_said_to_be() {
    let mut video = video().await;
    let gone = OptionValue::Text("PLgone".into());
    video.submission.content.options.insert("playlist".into(), gone);
    let problem = refused(video.add("playlist").await, "playlist");
    assert!(
        matches!(problem.retry, RetryClass::NeedsUser { .. }),
        "{problem:?}"
    );
    assert!(problem.message.contains("no longer there"), "{problem}");
}

#[tokio::test]
async fn the_channels_playlists_are_offered_and_none_of_them_has_to_be_chosen() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let offered = ok(
        harness.platform().posting_options(&session).await,
        "posting_options",
    );
    let expected = [("", "No playlist"), (PLAYLIST, "Practice playlist")];
    assert_eq!(
        offered.choices["playlist"],
        expected.map(|(id, label)| (id.to_owned(), label.to_owned()))
    );
    // A list that cannot be read does not stand in the way of a post.
    let broken = json!({"kind": "status", "status": 500});
    harness.rule("playlists_list", broken).await;
    let offered = ok(
        harness.platform().posting_options(&session).await,
        "posting_options",
    );
    assert!(!offered.choices.contains_key("playlist"));
}
