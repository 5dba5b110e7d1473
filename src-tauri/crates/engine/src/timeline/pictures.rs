//! Pictures that were decoded for the window, kept until newer ones need the room.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    str::FromStr,
    sync::Arc,
};

/// All pictures together; a screen full of small ones is about 2 MiB.
const KEPT_MAX_BYTES: usize = 24 << 20;

/// Names a picture on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureId(u64);

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PictureId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The oldest leave first.
#[derive(Default)]
pub(crate) struct PictureShelf {
    next: u64,
    bytes: usize,
    order: VecDeque<PictureId>,
    pictures: HashMap<PictureId, Arc<[u8]>>,
}

impl PictureShelf {
    pub fn put(&mut self, jpeg: Vec<u8>) -> PictureId {
        let id = PictureId(self.next);
        self.next += 1;
        self.bytes += jpeg.len();
        self.order.push_back(id);
        self.pictures.insert(id, jpeg.into());
        while self.bytes > KEPT_MAX_BYTES && self.order.len() > 1 {
            let oldest = self.order.pop_front().and_then(|id| self.pictures.remove(&id));
            self.bytes -= oldest.map_or(0, |jpeg| jpeg.len());
        }
        id
    }

    pub fn get(&self, id: PictureId) -> Option<Arc<[u8]>> {
        self.pictures.get(&id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_leave_when_the_shelf_is_full() {
        let mut shelf = PictureShelf::default();
        let first = shelf.put(vec![1; KEPT_MAX_BYTES / 2]);
        let second = shelf.put(vec![2; KEPT_MAX_BYTES / 2]);
        assert!(shelf.get(first).is_some());
        let third = shelf.put(vec![3]);
        assert_eq!(shelf.get(first), None);
        assert!(shelf.get(second).is_some() && shelf.get(third).is_some());
        let larger_than_all = shelf.put(vec![4; KEPT_MAX_BYTES + 1]);
        assert_eq!(
            shelf.get(larger_than_all).map(|jpeg| jpeg.len()),
            Some(KEPT_MAX_BYTES + 1)
        );
        assert_eq!(shelf.pictures.len(), 1);
    }
}
