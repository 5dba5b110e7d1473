//! One command's stay in the data folder.

use std::{sync::Arc, time::Duration};

use daypart_app::{App, AppOptions, Running, start_log};
use daypart_domain::problem::Problem;
use daypart_engine::Engine;

use crate::browser::TerminalBrowser;

/// What the owner of the data folder does besides the command itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Whatever is due.
    Queue,
    /// Nothing: a look must never start an upload.
    None,
}

/// Between the going of an owner and its lock being free there may be a moment.
const BEFORE_TAKING_OVER: Duration = Duration::from_millis(500);

/// An open data folder.
pub struct Session {
    pub app: App,
    running: Running,
    process_name: &'static str,
    work: Work,
}

impl Session {
    /// Opens the data folder of the environment as its owner, or as a guest of whoever owns it.
    async fn open(process_name: &'static str, work: Work) -> Result<Self, Problem> {
        let options = AppOptions::from_env(process_name, Arc::new(TerminalBrowser::from_env()))?;
        if let Err(problem) = start_log(&options.data_dir) {
            eprintln!("note: {}", problem.message);
        }
        let (mut app, lock) = App::open(options).await?;
        let running = match work {
            Work::Queue => app.start(lock),
            Work::None => app.rest(lock),
        };
        Ok(Self {
            app,
            running,
            process_name,
            work,
        })
    }

    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// Waits for what `wait` waits for. When the owner beside which this process is a guest goes before that, however it
    /// goes, this process takes the work over and `wait` is begun again: it must read how things stand before it
    /// listens for news. Engines got from [`Session::engine`] before are out of date afterwards.
    ///
    /// # Errors
    /// What `wait` answers, or why the data folder could not be opened anew.
    pub async fn wait<T>(
        &mut self,
        mut wait: impl AsyncFnMut(&Engine) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        loop {
            let engine = self.engine().clone();
            tokio::select! {
                outcome = wait(&engine) => return outcome,
                () = self.running.owner_gone() => {}
            }
            tokio::time::sleep(BEFORE_TAKING_OVER).await;
            // Another guest may have been quicker: then this one stays a guest, of the new owner.
            let next = Self::open(self.process_name, self.work).await?;
            std::mem::replace(self, next).close().await?;
        }
    }

    /// Lets go at a safe point. What is unfinished goes on with the next owner.
    pub async fn close(self) -> Result<(), Problem> {
        self.running.stop().await
    }
}

/// Runs `command` in a session with the engine at work and closes it, whatever came of it.
pub async fn within<T>(
    process_name: &'static str,
    command: impl AsyncFnOnce(&mut Session) -> Result<T, Problem>,
) -> Result<T, Problem> {
    in_session(process_name, Work::Queue, command).await
}

/// As [`within`], for commands that only look: nothing that is due starts because of them.
pub async fn looking<T>(
    process_name: &'static str,
    command: impl AsyncFnOnce(&mut Session) -> Result<T, Problem>,
) -> Result<T, Problem> {
    in_session(process_name, Work::None, command).await
}

async fn in_session<T>(
    process_name: &'static str,
    work: Work,
    command: impl AsyncFnOnce(&mut Session) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut session = Session::open(process_name, work).await?;
    let outcome = command(&mut session).await;
    let closed = session.close().await;
    let outcome = outcome?;
    closed?;
    Ok(outcome)
}
