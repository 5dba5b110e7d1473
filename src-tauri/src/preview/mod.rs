//! Pictures and clips for the window, over loopback HTTP: WebKitGTK hands custom schemes to GStreamer, which
//! cannot open them, so local video plays over HTTP only.
//!
//! Who may read: only somebody who knows this launch's token (it is part of every path), who names this server as
//! the host (which a web page elsewhere cannot do, whatever its DNS says), and only files of the library, pictures of
//! accounts, and what was decoded for the editor. No path is ever part of an address: a cover of the user's own is
//! decoded and compressed anew before it is served, after the user picked it or because a saved post names it.

mod range;

use std::io::SeekFrom;
use std::net::Ipv4Addr;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::routing::get;
use daypart_engine::PictureId;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::net::TcpListener;
use tokio_util::io::ReaderStream;

use self::range::{Asked, ByteRange};

const READ_SIZE_BYTES: usize = 64 * 1024;

/// Where the files are that may be served.
#[async_trait::async_trait]
pub trait PreviewFiles: Send + Sync + 'static {
    /// The still picture of the asset; `None` when the id is unknown or there is no picture.
    async fn poster(&self, asset_id: &str) -> Option<PathBuf>;

    /// The file itself; `None` when the id is unknown.
    async fn clip(&self, asset_id: &str) -> Option<PathBuf>;

    /// The copy of the file that every web view plays, an MP4; `None` when there is none.
    async fn copy(&self, asset_id: &str) -> Option<PathBuf>;

    /// A picture that was decoded for the editor, as JPEG; `None` once newer ones took its place.
    fn frame(&self, picture_id: &str) -> Option<Arc<[u8]>>;

    /// The picture of the account, as PNG; `None` when the id is unknown or no picture can be had.
    async fn picture(&self, account_id: &str) -> Option<PathBuf>;
}

/// A running server. It ends with the process.
#[derive(Debug, Clone)]
pub struct PreviewServer {
    base_url: String,
    token: String,
}

struct Shared {
    files: Arc<dyn PreviewFiles>,
    token: String,
    authority: String,
}

impl PreviewServer {
    /// Binds a free loopback port and serves `files` on the current runtime.
    ///
    /// # Errors
    /// The system's own, when no port can be bound.
    pub async fn start(files: Arc<dyn PreviewFiles>) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let authority = listener.local_addr()?.to_string();
        let token = uuid::Uuid::new_v4().simple().to_string();
        let base_url = format!("http://{authority}");
        let shared = Arc::new(Shared {
            files,
            token: token.clone(),
            authority,
        });
        let routes = Router::new()
            .route("/{token}/poster/{asset_id}", get(poster))
            .route("/{token}/clip/{asset_id}", get(clip))
            .route("/{token}/copy/{asset_id}", get(copy))
            .route("/{token}/picture/{account_id}", get(picture))
            .route("/{token}/frame/{picture_id}", get(frame))
            .layer(middleware::from_fn_with_state(Arc::clone(&shared), only_our_host))
            .with_state(shared);
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the preview server ended");
            }
        });
        Ok(Self { base_url, token })
    }

    /// `http://127.0.0.1:PORT`
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// New at each launch. Not for logs.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn poster_url(&self, asset_id: &str) -> String {
        format!("{}/{}/poster/{asset_id}", self.base_url, self.token)
    }

    pub fn clip_url(&self, asset_id: &str) -> String {
        format!("{}/{}/clip/{asset_id}", self.base_url, self.token)
    }

    pub fn copy_url(&self, asset_id: &str) -> String {
        format!("{}/{}/copy/{asset_id}", self.base_url, self.token)
    }

    pub fn frame_url(&self, picture: PictureId) -> String {
        format!("{}/{}/frame/{picture}", self.base_url, self.token)
    }

    pub fn picture_url(&self, account_id: &str) -> String {
        format!("{}/{}/picture/{account_id}", self.base_url, self.token)
    }
}

async fn only_our_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response<Body> {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    if host != Some(shared.authority.as_str()) {
        return plain(StatusCode::MISDIRECTED_REQUEST);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn poster(
    State(shared): State<Arc<Shared>>,
    Path((token, asset_id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response<Body> {
    if token != shared.token {
        return plain(StatusCode::NOT_FOUND);
    }
    let file = shared.files.poster(&asset_id).await;
    send(file, "image/jpeg", &method, &headers).await
}

async fn clip(
    State(shared): State<Arc<Shared>>,
    Path((token, asset_id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response<Body> {
    if token != shared.token {
        return plain(StatusCode::NOT_FOUND);
    }
    let file = shared.files.clip(&asset_id).await;
    let media_type = file.as_deref().map_or("application/octet-stream", media_type);
    send(file, media_type, &method, &headers).await
}

async fn copy(
    State(shared): State<Arc<Shared>>,
    Path((token, asset_id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response<Body> {
    if token != shared.token {
        return plain(StatusCode::NOT_FOUND);
    }
    let file = shared.files.copy(&asset_id).await;
    send(file, "video/mp4", &method, &headers).await
}

async fn frame(
    State(shared): State<Arc<Shared>>,
    Path((token, picture_id)): Path<(String, String)>,
) -> Response<Body> {
    if token != shared.token {
        return plain(StatusCode::NOT_FOUND);
    }
    let Some(jpeg) = shared.files.frame(&picture_id) else {
        return plain(StatusCode::NOT_FOUND);
    };
    let mut response = Response::new(Body::from(jpeg.to_vec()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    // An id names one picture for as long as this server lives.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=86400, immutable"),
    );
    response
}

async fn picture(
    State(shared): State<Arc<Shared>>,
    Path((token, account_id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response<Body> {
    if token != shared.token {
        return plain(StatusCode::NOT_FOUND);
    }
    let file = shared.files.picture(&account_id).await;
    send(file, "image/png", &method, &headers).await
}

async fn send(
    path: Option<PathBuf>,
    media_type: &'static str,
    method: &Method,
    headers: &HeaderMap,
) -> Response<Body> {
    let Some(path) = path else {
        return plain(StatusCode::NOT_FOUND);
    };
    match answer(&path, media_type, method, headers).await {
        Ok(response) => response,
        Err(error) => {
            // Moved or removed since it was added: the library says so in its own words.
            tracing::debug!(%error, "a previewed file could not be read");
            plain(StatusCode::NOT_FOUND)
        }
    }
}

async fn answer(
    path: &FilePath,
    media_type: &'static str,
    method: &Method,
    headers: &HeaderMap,
) -> std::io::Result<Response<Body>> {
    let mut file = File::open(path).await?;
    let size_bytes = file.metadata().await?.len();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, range) = match range::parse(asked, size_bytes) {
        Asked::Everything => (StatusCode::OK, None),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Asked::Unsatisfiable => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE);
            set(
                &mut response,
                header::CONTENT_RANGE,
                format!("bytes */{size_bytes}"),
            );
            return Ok(response);
        }
    };
    let length_bytes = range.map_or(size_bytes, ByteRange::size_bytes);
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        file.seek(SeekFrom::Start(range.map_or(0, |range| range.first)))
            .await?;
        Body::from_stream(ReaderStream::with_capacity(
            file.take(length_bytes),
            READ_SIZE_BYTES,
        ))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // A file may change under its name, and nothing private belongs into a disk cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    set(&mut response, header::CONTENT_LENGTH, length_bytes.to_string());
    if let Some(ByteRange { first, last }) = range {
        set(
            &mut response,
            header::CONTENT_RANGE,
            format!("bytes {first}-{last}/{size_bytes}"),
        );
    }
    Ok(response)
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn set(response: &mut Response<Body>, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(name, value);
    }
}

/// By the name's ending: players look at the bytes themselves and only need to know that it is a video.
fn media_type(path: &FilePath) -> &'static str {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const CONTENT: &[u8] = b"0123456789";

    struct OneClip(PathBuf);

    #[async_trait::async_trait]
    impl PreviewFiles for OneClip {
        async fn poster(&self, _: &str) -> Option<PathBuf> {
            None
        }

        async fn clip(&self, asset_id: &str) -> Option<PathBuf> {
            (asset_id == "a1").then(|| self.0.clone())
        }

        async fn copy(&self, asset_id: &str) -> Option<PathBuf> {
            (asset_id == "copied").then(|| self.0.clone())
        }

        fn frame(&self, picture_id: &str) -> Option<Arc<[u8]>> {
            (picture_id == "7").then(|| CONTENT.into())
        }

        async fn picture(&self, account_id: &str) -> Option<PathBuf> {
            (account_id == "ada").then(|| self.0.clone())
        }
    }

    async fn server() -> (PreviewServer, TempDir) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("clip.MP4");
        std::fs::write(&path, CONTENT).unwrap();
        (
            PreviewServer::start(Arc::new(OneClip(path))).await.unwrap(),
            folder,
        )
    }

    async fn get(url: &str, extra: &[(&str, &str)]) -> reqwest::Response {
        let mut request = reqwest::Client::builder().no_proxy().build().unwrap().get(url);
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    #[tokio::test]
    async fn a_player_gets_the_bytes_it_asks_for() {
        let (server, _folder) = server().await;
        let answer = get(&server.clip_url("a1"), &[("Range", "bytes=2-4")]).await;
        assert_eq!(answer.status(), 206);
        assert_eq!(answer.headers()["content-range"], "bytes 2-4/10");
        assert_eq!(answer.headers()["content-length"], "3");
        assert_eq!(answer.headers()["content-type"], "video/mp4");
        assert_eq!(answer.bytes().await.unwrap().as_ref(), b"234");
    }

    #[tokio::test]
    async fn a_decoded_picture_is_served_until_it_is_gone_and_only_with_the_token() {
        let (server, _folder) = server().await;
        let answer = get(&server.frame_url("7".parse().unwrap()), &[]).await;
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert_eq!(answer.bytes().await.unwrap().as_ref(), CONTENT);
        let gone = get(&server.frame_url("8".parse().unwrap()), &[]).await;
        assert_eq!(gone.status(), 404);
        let guessed = get(&format!("{}/guess/frame/7", server.base_url()), &[]).await;
        assert_eq!(guessed.status(), 404);
    }

    #[tokio::test]
    async fn without_a_range_the_whole_file_comes_and_ranges_are_offered() {
        let (server, _folder) = server().await;
        let answer = get(&server.clip_url("a1"), &[]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["accept-ranges"], "bytes");
        assert_eq!(answer.bytes().await.unwrap().as_ref(), CONTENT);
    }

    #[tokio::test]
    async fn a_range_after_the_end_is_answered_with_the_size() {
        let (server, _folder) = server().await;
        let answer = get(&server.clip_url("a1"), &[("Range", "bytes=10-")]).await;
        assert_eq!(answer.status(), 416);
        assert_eq!(answer.headers()["content-range"], "bytes */10");
    }

    #[tokio::test]
    async fn without_the_token_of_this_launch_nothing_is_there() {
        let (server, _folder) = server().await;
        let guessed = format!("{}/{}/clip/a1", server.base_url(), "0".repeat(32));
        assert_eq!(get(&guessed, &[]).await.status(), 404);
    }

    #[tokio::test]
    async fn a_picture_of_an_account_needs_the_token_too() {
        let (server, _folder) = server().await;
        let answer = get(&server.picture_url("ada"), &[]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(get(&server.picture_url("eve"), &[]).await.status(), 404);
        let guessed = format!("{}/{}/picture/ada", server.base_url(), "0".repeat(32));
        assert_eq!(get(&guessed, &[]).await.status(), 404);
    }

    #[tokio::test]
    async fn a_copy_is_served_in_ranges_and_only_with_the_token() {
        let (server, _folder) = server().await;
        let answer = get(&server.copy_url("copied"), &[("Range", "bytes=8-")]).await;
        assert_eq!(answer.status(), 206);
        assert_eq!(answer.headers()["content-type"], "video/mp4");
        assert_eq!(answer.bytes().await.unwrap().as_ref(), b"89");
        assert_eq!(get(&server.copy_url("a1"), &[]).await.status(), 404);
        let guessed = format!("{}/{}/copy/copied", server.base_url(), "0".repeat(32));
        assert_eq!(get(&guessed, &[]).await.status(), 404);
    }

    #[tokio::test]
    async fn only_files_of_the_library_are_served() {
        let (server, _folder) = server().await;
        for other in ["a2", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd"] {
            assert_eq!(get(&server.clip_url(other), &[]).await.status(), 404, "{other}");
        }
        assert_eq!(get(&server.poster_url("a1"), &[]).await.status(), 404);
    }

    #[tokio::test]
    async fn a_page_that_reaches_us_under_another_host_name_is_refused() {
        let (server, _folder) = server().await;
        let answer = get(&server.clip_url("a1"), &[("Host", "evil.example")]).await;
        assert_eq!(answer.status(), 421);
    }

    #[tokio::test]
    async fn a_file_that_was_moved_away_is_not_found() {
        let (server, folder) = server().await;
        std::fs::remove_file(folder.path().join("clip.MP4")).unwrap();
        assert_eq!(get(&server.clip_url("a1"), &[]).await.status(), 404);
    }
}
