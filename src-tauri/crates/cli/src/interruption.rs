//! Ctrl+C and SIGTERM.

use daypart_domain::problem::{ErrorCode, Problem};
use tokio_util::sync::CancellationToken;

/// Heard from the moment this returns.
pub fn interruption() -> Result<impl Future<Output = ()>, Problem> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let deaf = |error: std::io::Error| Problem::bug("no signals can be received").caused_by(&error);
        let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async move {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Carries `work` out; an interruption cancels it and waits until it has tidied up.
///
/// # Errors
/// What `work` answers; `media.cancelled` when it was interrupted and did not come to its end.
pub async fn unless_interrupted<T>(
    work: impl AsyncFnOnce(&CancellationToken) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let interrupted = interruption()?;
    let cancel = CancellationToken::new();
    let work = work(&cancel);
    tokio::pin!(work);
    tokio::select! {
        outcome = &mut work => return outcome,
        () = interrupted => {}
    }
    cancel.cancel();
    // A terminal interrupts ffmpeg too, which then fails in its own way: that is no fault of the file.
    work.await.map_err(|problem| {
        Problem::transient(
            ErrorCode::new("media.cancelled"),
            "Cancelled; nothing was written.",
        )
        .detail(problem.message)
    })
}
