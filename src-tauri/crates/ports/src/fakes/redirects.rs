//! A browser's way back without a network.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use daypart_domain::problem::{Problem, codes};
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};

use crate::browser::{RedirectAnswer, RedirectListener, RedirectListeners};

/// An address that was opened, and where to tell its status.
type Visit = (String, oneshot::Sender<u16>);

/// Keeps the promises of [`RedirectListeners`] for addresses that are opened through [`MemoryRedirects::visit`]. One
/// sign-in at a time.
#[derive(Clone, Default)]
pub struct MemoryRedirects {
    open: Arc<Mutex<Option<mpsc::UnboundedSender<Visit>>>>,
}

impl MemoryRedirects {
    /// What a browser gets that opens `url`; 0 when nobody listens.
    pub async fn visit(&self, url: &str) -> u16 {
        let listener = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (status, told) = oneshot::channel();
        match listener {
            Some(listener) if listener.send((url.to_owned(), status)).is_ok() => told.await.unwrap_or(0),
            _ => 0,
        }
    }
}

struct MemoryListener {
    redirect_uri: String,
    visits: mpsc::UnboundedReceiver<Visit>,
}

#[async_trait]
impl RedirectListeners for MemoryRedirects {
    async fn bind(&self, path: &str) -> Result<Box<dyn RedirectListener>, Problem> {
        let (sender, visits) = mpsc::unbounded_channel();
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        Ok(Box::new(MemoryListener {
            redirect_uri: format!("http://127.0.0.1:1{path}"),
            visits,
        }))
    }
}

#[async_trait]
impl RedirectListener for MemoryListener {
    fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    async fn answer(&mut self, expected_state: &str) -> Result<RedirectAnswer, Problem> {
        while let Some((url, status)) = self.visits.recv().await {
            let (address, query) = url.split_once('?').unwrap_or((&url, ""));
            let field = |name: &str| {
                let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                pairs
                    .into_iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| value)
            };
            let ours = address == self.redirect_uri && field("state") == Some(expected_state);
            match (ours, field("code"), field("error")) {
                (true, _, Some(_)) => {
                    let _ = status.send(200);
                    return Err(Problem::permanent(
                        codes::AUTH_DENIED,
                        "You cancelled the connection.",
                    ));
                }
                (true, Some(code), None) => {
                    let _ = status.send(200);
                    return Ok(RedirectAnswer {
                        code: SecretString::from(code),
                        scopes: None,
                    });
                }
                _ => {
                    let _ = status.send(400);
                }
            }
        }
        Err(Problem::bug("nobody can visit any more"))
    }
}
