//! A store over a real file, and one of everything to put into it.
#![allow(dead_code, reason = "every test binary uses another part of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::path::{Path, PathBuf};

use daypart_domain::{
    account::{Account, AccountHealth},
    asset::{Asset, AssetState, FileIdentity},
    delivery_spec::AccountLimits,
    edit::{Cover, Edit, Fit, KeptRange},
    ids::{AccountId, AssetId, AttemptId, JobId, OwnerId, PostId, PublicationId},
    job::{JobKind, JobState, JobSubject},
    lateness::LatenessPolicy,
    media_info::{Container, MediaInfo, VideoTrack},
    options::OptionValue,
    platform::{PlatformId, Realm},
    post::{Content, Post},
    publication::Publication,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{
    AccountStore, AssetStore, JobEnd, NewJob, PostStore, PublicationChange, PublicationStore, Transition,
};
use daypart_store::{Role, SqliteStore};
use jiff::Timestamp;
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

pub struct Fixture {
    pub store: SqliteStore,
    pub path: PathBuf,
    pub account: Account,
    pub asset: Asset,
    pub post: Post,
    pub publication: Publication,
    _folder: tempfile::TempDir,
}

/// A store that holds one account, one asset, and one post with one publication, a draft.
pub async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("daypart.db");
    let store = SqliteStore::open(&path, Role::Owner).await.unwrap();
    let account = store.put_account(&account("ada")).await.unwrap();
    let (asset, _) = store
        .add_asset(
            &asset("/clips/beach.mp4"),
            &job(JobKind::Probe, JobSubject::Asset(asset_id()), at(0)),
        )
        .await
        .unwrap();
    let post = post(Some(asset.id));
    let draft = publication(post.id, account.id);
    store
        .save_post(&post, std::slice::from_ref(&draft))
        .await
        .unwrap();
    let publication = store.publication(draft.id).await.unwrap().unwrap();
    Fixture {
        store,
        path,
        account,
        asset,
        post,
        publication,
        _folder: folder,
    }
}

impl Fixture {
    pub async fn state(&self) -> PublicationState {
        self.store
            .publication(self.publication.id)
            .await
            .unwrap()
            .unwrap()
            .state
    }

    pub fn subject(&self) -> JobSubject {
        JobSubject::Publication(self.publication.id)
    }
}

/// Puts a publication into a state by force, past every rule.
pub async fn force_state(path: &Path, id: PublicationId, state: PublicationState) {
    let mut connection = connect(path).await;
    sqlx::query("UPDATE publications SET state = ? WHERE id = ?")
        .bind(state.as_str())
        .bind(id.to_string())
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// A plain connection beside the store.
pub async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .unwrap()
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn asset_id() -> AssetId {
    AssetId::from_uuid(Uuid::now_v7())
}

pub fn job_id() -> JobId {
    JobId::from_uuid(Uuid::now_v7())
}

pub fn attempt_id() -> AttemptId {
    AttemptId::from_uuid(Uuid::now_v7())
}

pub fn owner_id() -> OwnerId {
    OwnerId::from_uuid(Uuid::now_v7())
}

pub fn asset(path: &str) -> Asset {
    Asset {
        id: asset_id(),
        path: path.to_owned(),
        identity: None,
        state: AssetState::Probing,
        poster_file: None,
        added_at: at(0),
        removed_at: None,
    }
}

pub fn identity() -> FileIdentity {
    FileIdentity {
        size_bytes: 5_000_000_000,
        modified_at_ms: 1_795_000_000_123,
        content_hash: "b3:0123".to_owned(),
    }
}

pub fn media_info() -> MediaInfo {
    MediaInfo {
        container: Container::Mp4,
        size_bytes: 5_000_000_000,
        duration_ms: 61_500,
        missing_ms: 0,
        times_are_reckoned: false,
        video: VideoTrack {
            stream_index: 0,
            codec: "h264".to_owned(),
            profile: Some("High".to_owned()),
            coded_width_px: 1920,
            coded_height_px: 1080,
            width_px: 1080,
            height_px: 1920,
            rotation_deg: 90,
            mirrored: false,
            square_pixels: true,
            pixel_format: "yuv420p".to_owned(),
            bit_depth: 8,
            hdr: false,
            interlaced: false,
            average_frame_rate: None,
            variable_frame_rate: false,
            bit_rate_bps: Some(8_000_000),
        },
        audio: None,
        audio_track_count: 0,
        audio_tracks: Vec::new(),
        audio_offset_ms: 0,
        index_first: Some(true),
        has_edit_list: false,
        hidden_lead_in_ms: 0,
        has_private_metadata: false,
    }
}

pub fn account(remote_user_id: &str) -> Account {
    Account {
        id: AccountId::from_uuid(Uuid::now_v7()),
        platform: PlatformId::from_static("tiktok"),
        realm: Realm::Practice,
        remote_user_id: remote_user_id.to_owned(),
        display_name: "Ada Makes".to_owned(),
        avatar_url: None,
        granted_scopes: vec!["video.publish".to_owned()],
        limits: AccountLimits::default(),
        health: AccountHealth::Connected,
        connected_at: at(0),
        disconnected_at: None,
    }
}

pub fn post(asset_id: Option<AssetId>) -> Post {
    Post {
        id: PostId::from_uuid(Uuid::now_v7()),
        asset_id,
        wishes: daypart_domain::transcode_plan::Wishes::sending(),
        edit: Some(Edit {
            ranges: vec![KeptRange {
                start_us: 500_000,
                end_us: 2_000_000,
                fit: Some(Fit::Blur),
            }],
            ..Edit::default()
        }),
        caption: "First cut, “quoted” 🎬".to_owned(),
        schedule: None,
        created_at: at(0),
        updated_at: at(0),
        deleted_at: None,
    }
}

pub fn publication(post_id: PostId, account_id: AccountId) -> Publication {
    Publication {
        id: PublicationId::from_uuid(Uuid::now_v7()),
        post_id,
        account_id,
        content: content("public"),
        state: PublicationState::Draft,
        needs_user: None,
        problem: None,
        due_at: None,
        lateness: LatenessPolicy::default(),
        postponed_from: None,
        remote: None,
        receipt: None,
        warnings: Vec::new(),
        extras: Vec::new(),
        transfer: daypart_domain::transfer::Transfer::default(),
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn content(visibility: &str) -> Content {
    Content {
        text: [("title".to_owned(), "Beach".to_owned())].into(),
        options: [("visibility".to_owned(), OptionValue::Text(visibility.to_owned()))].into(),
        cover: Some(Cover::At { at_us: 40_000 }),
        from_this_computer: true,
    }
}

pub fn job(kind: JobKind, subject: JobSubject, available_at: Timestamp) -> NewJob {
    NewJob {
        id: job_id(),
        kind,
        subject,
        available_at,
    }
}

pub fn transition(id: PublicationId, to: PublicationState, mover: Mover) -> Transition {
    Transition {
        publication_id: id,
        to,
        mover,
        reason: "Because of the test.".to_owned(),
        at: at(100),
        only_from: None,
        while_running: None,
        change: PublicationChange::default(),
        enqueue: Vec::new(),
        cancel_jobs_except: None,
        drop_upload: false,
    }
}

pub fn ended(job_id: JobId, to: JobState) -> JobEnd {
    JobEnd {
        job_id,
        to,
        available_at: None,
        counted: false,
        polled: false,
        at: at(200),
        outcome: "Done.".to_owned(),
        problem: None,
    }
}
