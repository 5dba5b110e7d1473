//! One command's stay in the data folder.

use std::sync::Arc;

use daypart_app::{App, AppOptions, Running, start_log};
use daypart_domain::problem::Problem;
use daypart_engine::Engine;

use crate::browser::TerminalBrowser;

/// An open data folder with the engine at work.
pub struct Session {
    pub app: App,
    running: Running,
}

impl Session {
    /// Opens the data folder of the environment as its owner, or as a guest of whoever owns it.
    pub async fn open(process_name: &'static str) -> Result<Self, Problem> {
        let options = AppOptions::from_env(process_name, Arc::new(TerminalBrowser::from_env()))?;
        if let Err(problem) = start_log(&options.data_dir) {
            eprintln!("note: {}", problem.message);
        }
        let (mut app, lock) = App::open(options).await?;
        let running = app.start(lock);
        Ok(Self { app, running })
    }

    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// Lets go at a safe point. What is unfinished goes on with the next owner.
    pub async fn close(self) -> Result<(), Problem> {
        self.running.stop().await
    }
}

/// Runs `work` in a session and closes it, whatever came of it.
pub async fn within<T>(
    process_name: &'static str,
    work: impl AsyncFnOnce(&Session) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let session = Session::open(process_name).await?;
    let outcome = work(&session).await;
    let closed = session.close().await;
    let outcome = outcome?;
    closed?;
    Ok(outcome)
}
