//! How the owner of a data folder and its guests tell one another that something changed. Only that there was a
//! change is said; what changed stands in the database.

use std::path::Path;

use daypart_domain::problem::{ErrorCode, Problem};

#[cfg(unix)]
pub use unix::{WakeGuest, WakeHub};

#[cfg(not(unix))]
pub use elsewhere::{WakeGuest, WakeHub};

#[cfg(unix)]
const FILE: &str = "daypart.sock";
const SOCKET: ErrorCode = ErrorCode::new("host.wake_socket");

#[cfg(unix)]
mod unix {
    use std::{fs, io, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::{
            UnixListener, UnixStream,
            unix::{OwnedReadHalf, OwnedWriteHalf},
        },
        sync::{Mutex, Notify, watch},
        task::{JoinHandle, JoinSet},
    };

    use super::{FILE, Path, Problem, problem};
    use crate::InstanceLock;

    const CHANGED: &[u8] = b"changed\n";

    /// The owner's side. Dropping it disconnects every guest and removes the socket.
    #[derive(Debug)]
    pub struct WakeHub {
        path: PathBuf,
        nudges: Arc<Notify>,
        announcements: watch::Sender<()>,
        accepting: JoinHandle<()>,
    }

    impl WakeHub {
        /// Opens the socket in `data_dir` and starts to serve guests. A socket file that a dead owner left is
        /// replaced: the lock proves that nobody serves it. Needs a tokio runtime.
        ///
        /// # Errors
        /// `host.wake_socket`, e.g. when the path is longer than sockets allow (about 100 bytes).
        pub fn bind(data_dir: &Path, _proof: &InstanceLock) -> Result<Self, Problem> {
            let path = data_dir.join(FILE);
            let listener = listen(&path).map_err(|error| problem(&path, &error))?;
            let nudges = Arc::new(Notify::new());
            let announcements = watch::Sender::new(());
            let accepting = tokio::spawn(accept(listener, nudges.clone(), announcements.clone()));
            Ok(Self {
                path,
                nudges,
                announcements,
                accepting,
            })
        }

        /// Returns once a guest has changed something since the last return. Several nudges may be answered by
        /// one return; none is lost. Cancel-safe.
        pub async fn nudged(&self) {
            self.nudges.notified().await;
        }

        /// Tells every connected guest that something changed. Never waits; a slow guest hears of several
        /// changes at once.
        pub fn announce(&self) {
            self.announcements.send_replace(());
        }
    }

    impl Drop for WakeHub {
        fn drop(&mut self) {
            self.accepting.abort();
            // The lock is still held by contract, so the file is still ours.
            let _ = fs::remove_file(&self.path);
        }
    }

    fn listen(path: &Path) -> io::Result<UnixListener> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    }

    async fn accept(listener: UnixListener, nudges: Arc<Notify>, announcements: watch::Sender<()>) {
        // Ends with this future: aborting it disconnects the guests.
        let mut guests = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let mut heard = announcements.subscribe();
                        // Between connecting and being let in a guest may have missed an announcement.
                        heard.mark_changed();
                        guests.spawn(serve(stream, nudges.clone(), heard));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a guest could not be let in");
                        // Out of file handles, as a rule; it passes.
                        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    }
                },
                Some(_) = guests.join_next() => {}
            }
        }
    }

    async fn serve(stream: UnixStream, nudges: Arc<Notify>, mut announcements: watch::Receiver<()>) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut listens = true;
        loop {
            tokio::select! {
                line = lines.next_line() => match line {
                    Ok(Some(_)) => nudges.notify_one(),
                    Ok(None) | Err(_) => return,
                },
                changed = announcements.changed(), if listens => {
                    // A guest that nudged and left hears nothing more, but its nudge is still to be read.
                    listens = changed.is_ok() && write.write_all(CHANGED).await.is_ok();
                }
            }
        }
    }

    /// A guest's side.
    #[derive(Debug)]
    pub struct WakeGuest {
        lines: Mutex<tokio::io::Lines<BufReader<OwnedReadHalf>>>,
        write: Mutex<OwnedWriteHalf>,
    }

    impl WakeGuest {
        /// Connects to the owner of `data_dir`.
        ///
        /// # Errors
        /// `host.wake_socket` when nobody serves the socket, e.g. because the owner is only just starting.
        pub async fn connect(data_dir: &Path) -> Result<Self, Problem> {
            let path = data_dir.join(FILE);
            let stream = UnixStream::connect(&path)
                .await
                .map_err(|error| problem(&path, &error))?;
            let (read, write) = stream.into_split();
            Ok(Self {
                lines: Mutex::new(BufReader::new(read).lines()),
                write: Mutex::new(write),
            })
        }

        /// Tells the owner that something was changed.
        ///
        /// # Errors
        /// `host.wake_socket` when the owner is gone; what was changed is in the database all the same.
        pub async fn nudge(&self) -> Result<(), Problem> {
            self.write
                .lock()
                .await
                .write_all(CHANGED)
                .await
                .map_err(|error| problem(Path::new(FILE), &error))
        }

        /// Waits for the owner's next announcement since the last one returned. The first call may return
        /// without one; no change after [`WakeGuest::connect`] is missed. Cancel-safe.
        ///
        /// # Errors
        /// `host.wake_socket` when the owner is gone.
        pub async fn changed(&self) -> Result<(), Problem> {
            match self.lines.lock().await.next_line().await {
                Ok(Some(_)) => Ok(()),
                Ok(None) => Err(problem(Path::new(FILE), &io::ErrorKind::UnexpectedEof.into())),
                Err(error) => Err(problem(Path::new(FILE), &error)),
            }
        }
    }
}

/// Known gap: without Unix sockets an owner hears nothing of its guests until its next timer, and a guest hears
/// nothing of its owner. Both still work on one database.
#[cfg(not(unix))]
mod elsewhere {
    use super::{Path, Problem, problem};
    use crate::InstanceLock;

    #[derive(Debug)]
    pub struct WakeHub;

    impl WakeHub {
        pub fn bind(_data_dir: &Path, _proof: &InstanceLock) -> Result<Self, Problem> {
            Ok(Self)
        }

        pub async fn nudged(&self) {
            std::future::pending().await
        }

        pub fn announce(&self) {}
    }

    #[derive(Debug)]
    pub struct WakeGuest;

    impl WakeGuest {
        pub async fn connect(data_dir: &Path) -> Result<Self, Problem> {
            Err(problem(data_dir, &std::io::ErrorKind::Unsupported.into()))
        }

        pub async fn nudge(&self) -> Result<(), Problem> {
            Ok(())
        }

        pub async fn changed(&self) -> Result<(), Problem> {
            std::future::pending().await
        }
    }
}

fn problem(path: &Path, error: &std::io::Error) -> Problem {
    Problem::transient(
        SOCKET,
        format!(
            "The Daypart that owns the data folder cannot be reached over {}.",
            path.display()
        ),
    )
    .caused_by(error)
}
