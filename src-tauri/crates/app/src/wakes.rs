//! Between the owner of a data folder and its guests: changes are told, never polled for.

use std::{path::Path, sync::Arc};

use daypart_domain::problem::Problem;
use daypart_engine::{Engine, EngineEvent};
use daypart_host::{InstanceLock, WakeGuest, WakeHub};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinHandle,
};

/// This process's end of the wake socket.
#[derive(Clone)]
pub(crate) enum Wakes {
    Owner(Arc<WakeHub>),
    Guest(Arc<WakeGuest>),
    /// The owner is only just starting or ending; what we write is in the database all the same.
    Alone,
}

pub(crate) async fn open(data_dir: &Path, lock: Option<&InstanceLock>) -> Result<Wakes, Problem> {
    Ok(match lock {
        Some(lock) => Wakes::Owner(Arc::new(WakeHub::bind(data_dir, lock)?)),
        None => match WakeGuest::connect(data_dir).await {
            Ok(guest) => Wakes::Guest(Arc::new(guest)),
            Err(problem) => {
                tracing::warn!(code = %problem.code, details = ?problem.details, "the owner cannot be reached");
                Wakes::Alone
            }
        },
    })
}

/// Passes changes on in both directions until aborted.
pub(crate) fn bridge(engine: Engine, wakes: Wakes) -> JoinHandle<()> {
    // Before the first change can be made: one that nobody heard would be waited for in vain.
    let events = engine.subscribe();
    tokio::spawn(async move {
        match wakes {
            Wakes::Owner(hub) => tokio::join!(announce(events, &hub), hear_guests(&engine, &hub)).0,
            Wakes::Guest(guest) => {
                tokio::select! {
                    () = nudge_owner(events, &guest) => {}
                    () = hear_owner(&engine, &guest) => {}
                }
            }
            Wakes::Alone => {}
        }
    })
}

/// Tells the owner once more before a guest leaves: the bridge may not have come to its last change yet.
pub(crate) async fn say_goodbye(wakes: &Wakes) {
    if let Wakes::Guest(guest) = wakes {
        // An owner that is gone reads the database when it starts.
        let _ = guest.nudge().await;
    }
}

async fn announce(mut events: Receiver<EngineEvent>, hub: &WakeHub) {
    loop {
        match events.recv().await {
            // Guests read state, not bytes per second.
            Ok(EngineEvent::Transfer(_)) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => hub.announce(),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn hear_guests(engine: &Engine, hub: &WakeHub) {
    loop {
        hub.nudged().await;
        engine.changed_outside();
    }
}

async fn nudge_owner(mut events: Receiver<EngineEvent>, guest: &WakeGuest) {
    loop {
        match events.recv().await {
            // What the owner told us must not come back to it.
            Ok(EngineEvent::ChangedOutside | EngineEvent::Transfer(_)) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => {
                if guest.nudge().await.is_err() {
                    return;
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn hear_owner(engine: &Engine, guest: &WakeGuest) {
    while guest.changed().await.is_ok() {
        engine.changed_outside();
    }
}
