//! The core behind the window: it is started once and works on when the window is closed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use daypart_domain::account::PostingOptions;
use daypart_domain::ids::AccountId;
use daypart_engine::Engine;
use daypart_ipc::WireError;
use tokio::sync::watch;

use crate::preview::PreviewServer;
use crate::views::Views;

/// What the commands work with.
pub struct Core {
    pub engine: Engine,
    pub preview: PreviewServer,
    /// The simulator's own page.
    pub practice_page_url: Option<String>,
    pub data_dir: PathBuf,
    /// What the accounts offered when the composer last asked; the pre-flight judges by it.
    posting_options: Mutex<BTreeMap<AccountId, PostingOptions>>,
}

impl Core {
    pub fn views(&self) -> Views<'_> {
        Views {
            engine: &self.engine,
            preview: &self.preview,
        }
    }

    pub fn remember_posting_options(&self, account: AccountId, options: PostingOptions) {
        self.posting_options
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(account, options);
    }

    pub fn posting_options_read(&self) -> BTreeMap<AccountId, PostingOptions> {
        self.posting_options
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// How starting the core ended, once it has.
pub type Started = Result<Arc<Core>, WireError>;

/// What every command is given: the core, as soon as it has started.
pub struct Shell {
    started: watch::Receiver<Option<Started>>,
}

impl Shell {
    /// With the end at which the result of starting is put in.
    pub fn new() -> (Self, watch::Sender<Option<Started>>) {
        let (sender, started) = watch::channel(None);
        (Self { started }, sender)
    }

    /// Waits until the core has started; the window may be there before.
    ///
    /// # Errors
    /// Why the core could not be started. It stays so until Daypart is started again.
    pub async fn core(&self) -> Result<Arc<Core>, WireError> {
        let mut started = self.started.clone();
        let ended = |_| {
            WireError::from(daypart_domain::problem::Problem::bug(
                "the core was dropped while it started",
            ))
        };
        started
            .wait_for(Option::is_some)
            .await
            .map_err(ended)?
            .clone()
            .unwrap_or_else(|| {
                Err(daypart_domain::problem::Problem::bug("the core started with nothing").into())
            })
    }
}
