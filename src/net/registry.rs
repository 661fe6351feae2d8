//! All connections of a listener, and which of them has to go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::connection::{Connection, ConnectionOrder, Patience, Worth, now_ms};

/// The open connections.
pub(super) struct Registry {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
    bound: usize,
}

/// A place among the open connections, free again when it is dropped.
pub(super) struct ConnectionPlace {
    registry: Arc<Registry>,
    number: u64,
}

/// Of the connections that could go, one in so many goes at a time: looking through all of them for each newcomer would be
/// what a flood is made for.
const EVICTED_SHARE: usize = 16;
/// Where memory is short, one in so many of those that hold it goes.
const STUCK_SHARE: usize = 2;

impl Registry {
    /// Room for `bound` connections.
    pub(super) fn new(bound: usize) -> Arc<Self> {
        Arc::new(Self { open: Mutex::new(HashMap::new()), next: AtomicU64::new(0), bound: bound.max(1) })
    }

    /// A place for `connection`, made where there is none by closing those that are worth the least; `None` where all are
    /// being answered.
    pub(super) fn admit(self: &Arc<Self>, connection: &Arc<Connection>) -> Option<ConnectionPlace> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= self.bound && evict(&mut open, |_| true, EVICTED_SHARE) == 0 {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        open.insert(number, Arc::clone(connection));
        drop(open);
        Some(ConnectionPlace { registry: Arc::clone(self), number })
    }

    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Closes what is waited for too long and tells how many that were. O(connections).
    pub(super) fn sweep(&self, patience: Patience) -> usize {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now_ms();
        let due = open.values().filter_map(|connection| Some((connection, connection.due(now, patience)?)));
        due.map(|(connection, order)| connection.tell(order)).count()
    }

    /// Closes connections that do not take their answers, which hold memory, and tells how many.
    pub(super) fn drop_stuck(&self) -> usize {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        evict(&mut open, |worth| matches!(worth, Worth::Stuck(_)), STUCK_SHARE)
    }

    /// Closes what sends no whole request, and lets the others end what is being answered.
    pub(super) fn wind_up(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now_ms();
        for connection in open.values() {
            let is_answered = matches!(connection.worth(now), None | Some(Worth::Stuck(_)));
            connection.tell(if is_answered { ConnectionOrder::Finish } else { ConnectionOrder::Close });
        }
    }
}

/// Of those that are `wanted`, closes one in `share`, those that are worth the least, and takes them out: their places are free
/// at once, though their tasks may take a moment to end.
fn evict(open: &mut HashMap<u64, Arc<Connection>>, wanted: fn(Worth) -> bool, share: usize) -> usize {
    let now = now_ms();
    let worth = |(number, connection): (&u64, &Arc<Connection>)| Some((connection.worth(now)?, *number));
    let mut candidates: Vec<(Worth, u64)> = open.iter().filter_map(worth).collect();
    candidates.retain(|(worth, _)| wanted(*worth));
    let n_gone = candidates.len().div_ceil(share);
    if n_gone > 0 {
        candidates.select_nth_unstable(n_gone - 1);
    }
    for (_, number) in &candidates[..n_gone] {
        if let Some(connection) = open.remove(number) {
            connection.tell(ConnectionOrder::Close);
        }
    }
    n_gone
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.registry.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_takes_the_place_of_who_sends_nothing() {
        let registry = Registry::new(2);
        let [slow, busy, new, last] = [(); 4].map(|()| Arc::new(Connection::new()));
        busy.begin(false, false);
        let places = [registry.admit(&slow), registry.admit(&busy)];
        assert!(places.iter().all(Option::is_some));
        let place = registry.admit(&new);
        assert!(place.is_some() && registry.len() == 2);
        new.begin(false, false);
        assert!(registry.admit(&last).is_none(), "who is answered keeps its place");
        drop(place);
        assert!(registry.admit(&last).is_some());
    }

    #[test]
    fn a_place_is_free_when_its_connection_ends() {
        let registry = Registry::new(1);
        drop(registry.admit(&Arc::new(Connection::new())));
        assert_eq!(registry.len(), 0);
    }
}
