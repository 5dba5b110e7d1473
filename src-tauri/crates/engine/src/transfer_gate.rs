//! Who may send next. Accounts take turns, whoever was put first goes first, and limits count from the moment they
//! change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use daypart_domain::ids::{AccountId, PublicationId};
use jiff::Timestamp;
use tokio::sync::oneshot;

/// The waiting room of all transfers. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct TransferGate(Arc<Mutex<Room>>);

struct Room {
    at_once: usize,
    at_once_per_account: usize,
    running: HashMap<AccountId, usize>,
    waiting: Vec<Waiting>,
    /// When an account last had a turn, by `turns`.
    served: HashMap<AccountId, u64>,
    turns: u64,
    arrivals: u64,
}

struct Waiting {
    arrival: u64,
    account: AccountId,
    publication: PublicationId,
    first_at: Option<Timestamp>,
    go: oneshot::Sender<Turn>,
}

/// The right to send, given back when it is dropped.
pub(crate) struct Turn {
    gate: TransferGate,
    account: AccountId,
}

impl TransferGate {
    pub(crate) fn new(at_once: usize, at_once_per_account: usize) -> Self {
        Self(Arc::new(Mutex::new(Room {
            at_once,
            at_once_per_account,
            running: HashMap::new(),
            waiting: Vec::new(),
            served: HashMap::new(),
            turns: 0,
            arrivals: 0,
        })))
    }

    /// Waits for a turn. Cancel-safe: a turn that came too late goes to the next. `None` never comes while the gate
    /// exists.
    pub(crate) async fn turn(
        &self,
        account: AccountId,
        publication: PublicationId,
        first_at: Option<Timestamp>,
    ) -> Option<Turn> {
        let (go, came) = oneshot::channel();
        {
            let mut room = self.room();
            room.arrivals += 1;
            let arrival = room.arrivals;
            room.waiting.push(Waiting {
                arrival,
                account,
                publication,
                first_at,
                go,
            });
        }
        self.admit();
        came.await.ok()
    }

    pub(crate) fn limit(&self, at_once: usize, at_once_per_account: usize) {
        {
            let mut room = self.room();
            room.at_once = at_once;
            room.at_once_per_account = at_once_per_account;
        }
        self.admit();
    }

    pub(crate) fn put_first(&self, publication: PublicationId, first_at: Option<Timestamp>) {
        let mut room = self.room();
        for waiting in &mut room.waiting {
            if waiting.publication == publication {
                waiting.first_at = first_at;
            }
        }
    }

    fn admit(&self) {
        loop {
            let next = self.room().next();
            let Some(next) = next else { return };
            let turn = Turn {
                gate: self.clone(),
                account: next.account,
            };
            // Who no longer waits gives the turn back by dropping it, outside the lock.
            drop(next.go.send(turn));
        }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// Takes the next one out of the waiting room and counts it as running.
    fn next(&mut self) -> Option<Waiting> {
        self.waiting.retain(|waiting| !waiting.go.is_closed());
        if self.running.values().sum::<usize>() >= self.at_once {
            return None;
        }
        let running = |account| self.running.get(&account).copied().unwrap_or(0);
        let served = |account| self.served.get(&account).copied().unwrap_or(0);
        let (place, _) = self
            .waiting
            .iter()
            .enumerate()
            .filter(|(_, waiting)| running(waiting.account) < self.at_once_per_account)
            .min_by_key(|(_, waiting)| {
                let first = std::cmp::Reverse(waiting.first_at);
                (first, served(waiting.account), waiting.arrival)
            })?;
        let next = self.waiting.remove(place);
        self.turns += 1;
        self.served.insert(next.account, self.turns);
        *self.running.entry(next.account).or_default() += 1;
        Some(next)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        {
            let mut room = self.gate.room();
            if let Some(running) = room.running.get_mut(&self.account) {
                *running = running.saturating_sub(1);
            }
        }
        self.gate.admit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn publication(number: u128) -> PublicationId {
        PublicationId::from_uuid(uuid::Uuid::from_u128(number))
    }

    /// Lets each of (account, publication, first at) arrive in this order behind a running transfer of nobody's, then
    /// tells in which order they had their turns, one after the other.
    async fn order(arriving: &[(u128, u128, Option<i64>)]) -> Vec<u128> {
        let gate = TransferGate::new(1, 1);
        let running = gate.turn(account(99), publication(99), None).await;
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut waiting = tokio::task::JoinSet::new();
        for (position, (of, number, first)) in arriving.iter().copied().enumerate() {
            let (gate, tell) = (gate.clone(), tell.clone());
            let first_at = first.map(|second| Timestamp::from_second(second).unwrap());
            waiting.spawn(async move {
                let _turn = gate
                    .turn(account(of), publication(number), first_at)
                    .await
                    .unwrap();
                tell.send(number).unwrap();
            });
            while self_waiting(&running) < position + 1 {
                tokio::task::yield_now().await;
            }
        }
        drop((running, tell));
        let mut order = Vec::new();
        while let Some(number) = told.recv().await {
            order.push(number);
        }
        order
    }

    fn self_waiting(running: &Option<Turn>) -> usize {
        running.as_ref().unwrap().gate.room().waiting.len()
    }

    #[tokio::test]
    async fn accounts_take_turns_however_much_one_of_them_has() {
        let arriving = [
            (1, 11, None),
            (1, 12, None),
            (1, 13, None),
            (2, 21, None),
            (3, 31, None),
        ];
        assert_eq!(order(&arriving).await, [11, 21, 31, 12, 13]);
    }

    #[tokio::test]
    async fn who_was_put_first_goes_first_and_the_last_word_counts() {
        let arriving = [(1, 11, None), (2, 21, Some(5)), (3, 31, Some(9)), (3, 32, None)];
        assert_eq!(order(&arriving).await, [31, 21, 11, 32]);
    }

    #[tokio::test]
    async fn an_account_never_has_more_than_its_share() {
        let gate = TransferGate::new(3, 1);
        let one = gate.turn(account(1), publication(1), None).await;
        let second = gate.turn(account(1), publication(2), None);
        tokio::pin!(second);
        tokio::select! {
            biased;
            _ = &mut second => panic!("two of one account at once"),
            other = gate.turn(account(2), publication(3), None) => assert!(other.is_some()),
        }
        drop(one);
        assert!(second.await.is_some());
    }

    #[tokio::test]
    async fn a_raised_limit_lets_the_next_go_at_once_and_a_turn_nobody_waits_for_is_not_lost() {
        let gate = TransferGate::new(1, 1);
        let _one = gate.turn(account(1), publication(1), None).await;
        let mut given_up = Box::pin(gate.turn(account(2), publication(2), None));
        tokio::select! {
            biased;
            _ = &mut given_up => panic!("above the limit"),
            () = std::future::ready(()) => {}
        }
        gate.limit(2, 1);
        // Its turn came, but it never looked.
        drop(given_up);
        assert!(gate.turn(account(3), publication(3), None).await.is_some());
    }
}
