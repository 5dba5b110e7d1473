//! Starting, serving and stopping.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::{SimulatorConfig, SimulatorError};
use crate::journal::{Journal, OpenError};
use crate::pages::{media::media, operations::operations, picture::picture, post};
use crate::wire::{CuttableListener, Wire};
use crate::world::World;
use crate::{control, examine, tiktok, youtube};

const STATE: &str = "state";
const FILES: &str = "files";

/// A running simulator. Dropping it stops it abruptly; [`Simulator::shutdown`] waits for the end.
pub struct Simulator {
    app: Arc<App>,
    server: JoinHandle<()>,
    pacer: JoinHandle<()>,
    _temporary: Option<TempDir>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator")
            .field("base_url", &self.app.base_url)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Opens the port on 127.0.0.1 and the data, and starts to serve.
    ///
    /// # Errors
    /// A port that is taken or cannot be opened; data that is in use by another simulator or unreadable.
    pub async fn start(config: SimulatorConfig) -> Result<Self, SimulatorError> {
        let asked = config.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, asked))
            .await
            .map_err(|source| {
                if source.kind() == std::io::ErrorKind::AddrInUse {
                    SimulatorError::PortTaken { port: asked }
                } else {
                    SimulatorError::Listen { port: asked, source }
                }
            })?;
        let address: SocketAddr = listener
            .local_addr()
            .map_err(|source| SimulatorError::Listen { port: asked, source })?;
        let base_url = format!("http://127.0.0.1:{}", address.port());
        let (folder, temporary) = data_folder(config.data_dir)?;

        let mut world = World::new(base_url.clone(), config.seed);
        let journal = Journal::open(&folder.join(STATE), &mut world.tables()).map_err(|e| match e {
            OpenError::InUse => SimulatorError::DataInUse { path: folder.clone() },
            OpenError::Io(source) => SimulatorError::Data {
                path: folder.clone(),
                source,
            },
        })?;
        if let Some(offset_ms) = world
            .meta
            .get("offset_ms")
            .copied()
            .filter(|ms| *ms > config.clock.offset_ms())
        {
            config.clock.set_offset_ms(offset_ms);
        }
        let app = App::new(
            base_url,
            address.port(),
            config.clock,
            folder.join(FILES),
            world,
            journal,
        );
        examine::resume(&app);

        let stopping = app.stopping.clone();
        let service = router(&app).into_make_service_with_connect_info::<Wire>();
        let server = tokio::spawn(async move {
            let serving = axum::serve(CuttableListener(listener), service);
            tokio::select! {
                _ = serving => {}
                () = stopping.cancelled() => {}
            }
        });
        let pacer = tokio::spawn(keep_pace(app.clone()));
        tracing::info!(base_url = %app.base_url, "practice platforms are running");
        Ok(Self {
            app,
            server,
            pacer,
            _temporary: temporary,
        })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.app.base_url
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.app.port
    }

    /// Stops serving and lets go of the data, which can then be opened again. Requests under way are cut.
    pub async fn shutdown(mut self) {
        self.app.stopping.cancel();
        let _ = (&mut self.server).await;
        let _ = (&mut self.pacer).await;
        // Connections end with their tasks; the lock on the data goes with the last of them.
        let app = Arc::downgrade(&self.app);
        drop(self);
        for _ in 0..200 {
            if app.strong_count() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.app.stopping.cancel();
    }
}

fn data_folder(wanted: Option<PathBuf>) -> Result<(PathBuf, Option<TempDir>), SimulatorError> {
    if let Some(path) = wanted {
        return Ok((path, None));
    }
    let made = tempfile::Builder::new().prefix("daypart-practice-").tempdir();
    let temporary = made.map_err(|source| SimulatorError::Data {
        path: std::env::temp_dir(),
        source,
    })?;
    Ok((temporary.path().to_owned(), Some(temporary)))
}

/// Lets time pass: sleeps until something is due on the platforms, or something changed.
async fn keep_pace(app: Arc<App>) {
    loop {
        let due_ms = app.look(|world| world.next_due_ms());
        // Virtual time runs as fast as real time between advances.
        let pause = due_ms.map(|due| Duration::from_millis((due - app.clock.now_ms()).max(0).unsigned_abs()));
        let sleep = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.changed.notified() => {}
            () = sleep => {
                if let Err(source) = app.change(|_| ()) {
                    tracing::error!(%source, "the simulator could not write its state");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

fn router(app: &Arc<App>) -> Router {
    let pages = Router::new()
        .route("/", get(operations))
        .route("/media/{upload}", get(media))
        .route("/tiktok/www/{user}/video/{id}", get(post::tiktok))
        .route("/youtube/www/watch", get(post::youtube))
        .route("/youtube/www/shorts/{id}", get(post::youtube_short))
        .route("/youtube/thumbnail/{id}", get(post::thumbnail))
        .route(
            "/tiktok/picture/{name}",
            get(|axum::extract::Path(n): axum::extract::Path<String>| async move { picture(&n) }),
        )
        .route(
            "/youtube/picture/{name}",
            get(|axum::extract::Path(n): axum::extract::Path<String>| async move { picture(&n) }),
        )
        .with_state(app.clone());
    let known = Router::new()
        .merge(pages)
        .merge(tiktok::router(app))
        .merge(youtube::router(app))
        .nest("/_control", control::router(app));
    known
        .fallback(unknown_path)
        .layer(from_fn_with_state(app.clone(), only_loopback_names))
}

async fn unknown_path(request: Request) -> Response {
    if request.uri().path().starts_with("/tiktok/api/") {
        return tiktok::guard::unsupported_path().into_response();
    }
    (StatusCode::NOT_FOUND, "Not Found").into_response()
}

/// A page on the internet that rebinds its name to 127.0.0.1 must not reach the simulator.
async fn only_loopback_names(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if is_own_name(request.headers(), app.port) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "Use 127.0.0.1 or localhost.").into_response()
    }
}

fn is_own_name(headers: &HeaderMap, port: u16) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    host == format!("127.0.0.1:{port}") || host == format!("localhost:{port}")
}
