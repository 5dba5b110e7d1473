//! A network that fails as told: a proxy between the compiled `daypart` and the practice platforms.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
};
use tokio_util::sync::CancellationToken;

use crate::Practice;

/// What happens to the answer of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Every byte of it arrives two times.
    AnswerTwice,
    /// The connection is reset after so many bytes of it.
    CutAnswerAfter(usize),
    /// The connection is reset after so many bytes of the request, counted from where it was recognised.
    CutRequestAfter(usize),
    /// Nothing moves any more in either direction, and nobody is told.
    Swallow,
}

/// One event of a kind, at the first connection on which the text is sent to the platform.
#[derive(Debug, Clone)]
struct Rule {
    on: String,
    wire: Wire,
}

struct Shared {
    platform_port: u16,
    port: u16,
    rules: Mutex<Vec<Rule>>,
    /// Replaced when the network goes down: whoever holds the old one is cut off.
    up: Mutex<CancellationToken>,
    bytes_per_s: watch::Sender<Option<u64>>,
    fired: watch::Sender<usize>,
}

/// A running proxy. Dropping it cuts every connection.
pub struct Network {
    shared: Arc<Shared>,
}

impl Network {
    /// A calm network before the practice platforms.
    pub async fn before(practice: &Practice) -> Self {
        let platform_port = practice.url().rsplit(':').next().unwrap().parse().unwrap();
        let listener = loop {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            // Addresses in answers are replaced in place: both ports need the same number of digits.
            if digits(listener.local_addr().unwrap().port()) == digits(platform_port) {
                break listener;
            }
        };
        let shared = Arc::new(Shared {
            platform_port,
            port: listener.local_addr().unwrap().port(),
            rules: Mutex::default(),
            up: Mutex::new(CancellationToken::new()),
            bytes_per_s: watch::Sender::new(None),
            fired: watch::Sender::new(0),
        });
        serve(shared.clone(), listener);
        Self { shared }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.shared.port)
    }

    /// The next connection on which `text` is sent meets this.
    pub fn when(&self, text: &str, wire: Wire) {
        let rule = Rule {
            on: text.to_owned(),
            wire,
        };
        self.shared.rules.lock().unwrap().push(rule);
    }

    /// Returns once so many rules have come into effect.
    pub async fn fired(&self, count: usize) {
        let mut fired = self.shared.fired.subscribe();
        fired.wait_for(|fired| *fired >= count).await.unwrap();
    }

    /// Of each connection, towards the platform.
    pub fn throttle(&self, bytes_per_s: Option<u64>) {
        self.shared.bytes_per_s.send_replace(bytes_per_s);
    }

    /// Resets every connection and refuses new ones.
    pub fn down(&self) {
        self.shared.up.lock().unwrap().cancel();
    }

    pub async fn up(&self) {
        *self.shared.up.lock().unwrap() = CancellationToken::new();
        let listener = TcpListener::bind(("127.0.0.1", self.shared.port)).await.unwrap();
        serve(self.shared.clone(), listener);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.down();
    }
}

fn digits(port: u16) -> usize {
    port.to_string().len()
}

fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let up = shared.up.lock().unwrap().clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = up.cancelled() => return,
                accepted = listener.accept() => if let Ok((client, _)) = accepted {
                    tokio::spawn(connection(shared.clone(), client, up.clone()));
                },
            }
        }
    });
}

async fn connection(shared: Arc<Shared>, client: TcpStream, up: CancellationToken) {
    let Ok(platform) = TcpStream::connect(("127.0.0.1", shared.platform_port)).await else {
        return;
    };
    // Closed with a reset, as a network that goes away does it.
    let _ = client.set_zero_linger();
    let _ = client.set_nodelay(true);
    let _ = platform.set_nodelay(true);
    let (from_client, to_client) = client.into_split();
    let (from_platform, to_platform) = platform.into_split();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::select! {
        () = up.cancelled() => {}
        () = requests(&shared, from_client, to_platform, tell) => {}
        () = answers(&shared, from_platform, to_client, told) => {}
    }
}

async fn requests(
    shared: &Shared,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    tell: mpsc::UnboundedSender<Wire>,
) {
    let mut buffer = vec![0; 64 * 1024];
    let mut left: Option<usize> = None;
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let bytes = &mut buffer[..length];
        replace(bytes, shared.port, shared.platform_port);
        match shared.rule_for(bytes) {
            Some(Wire::CutRequestAfter(bytes)) => left = Some(bytes),
            Some(Wire::Swallow) => std::future::pending().await,
            Some(wire) => {
                let _ = tell.send(wire);
            }
            None => {}
        }
        let passed = left.map_or(length, |left| left.min(length));
        let bytes_per_s = *shared.bytes_per_s.borrow();
        if let Some(bytes_per_s) = bytes_per_s {
            tokio::time::sleep(Duration::from_secs_f64(passed as f64 / bytes_per_s as f64)).await;
        }
        if to.write_all(&buffer[..passed]).await.is_err() {
            return;
        }
        if let Some(left) = &mut left {
            *left -= passed;
            if *left == 0 {
                return;
            }
        }
    }
}

async fn answers(
    shared: &Shared,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut told: mpsc::UnboundedReceiver<Wire>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        replace(&mut buffer[..length], shared.platform_port, shared.port);
        let sent = match told.try_recv() {
            Ok(Wire::CutAnswerAfter(bytes)) => {
                let _ = to.write_all(&buffer[..bytes.min(length)]).await;
                let _ = to.flush().await;
                return;
            }
            Ok(Wire::AnswerTwice) => {
                let twice = [&buffer[..length], &buffer[..length]].concat();
                to.write_all(&twice).await
            }
            _ => to.write_all(&buffer[..length]).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

impl Shared {
    fn rule_for(&self, bytes: &[u8]) -> Option<Wire> {
        let mut rules = self.rules.lock().unwrap();
        let place = rules.iter().position(|rule| holds(bytes, rule.on.as_bytes()))?;
        let wire = rules.remove(place).wire;
        self.fired.send_modify(|fired| *fired += 1);
        Some(wire)
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The platforms refuse to be called by another address than their own, and hand out addresses of their own.
fn replace(bytes: &mut [u8], port: u16, by: u16) {
    let (old, new) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{by}"));
    let mut from = 0;
    while let Some(place) = bytes[from..]
        .windows(old.len())
        .position(|window| window == old.as_bytes())
    {
        let start = from + place;
        from = start + old.len();
        bytes[start..from].copy_from_slice(new.as_bytes());
    }
}
