//! Places for what takes long: bodies that are read, which may be large, and documents that are given. Anybody may knock.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of requests whose bodies are read, at once.
const ALL: usize = 8;

/// Of them by one address, so that nobody takes them all.
const OF_ONE: usize = 4;

/// Who has a place just now.
#[derive(Debug, Clone)]
pub struct Places {
    all: usize,
    of_one: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Default for Places {
    fn default() -> Self {
        Self::new(ALL, OF_ONE)
    }
}

/// One of them; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    client: IpAddr,
}

impl Places {
    /// So many, and so many of them for one address.
    #[must_use]
    pub fn new(all: usize, of_one: usize) -> Self {
        Self { all, of_one, taken: Arc::default() }
    }

    /// A place for `client`; `None` = not now.
    #[must_use]
    pub fn take(&self, client: IpAddr) -> Option<Place> {
        let mut taken = self.taken();
        let own = taken.get(&client).copied().unwrap_or_default();
        if own >= self.of_one || taken.values().sum::<usize>() >= self.all {
            return None;
        }
        taken.insert(client, own + 1);
        drop(taken);
        Some(Place { places: self.clone(), client })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(own) = taken.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_places() {
        let places = Places::default();
        let of = |last: u8, count: usize| -> Vec<Place> {
            (0..count).map_while(|_| places.take([203, 0, 113, last].into())).collect()
        };
        let first = of(1, 10);
        assert_eq!(first.len(), OF_ONE);
        let (second, third) = (of(2, 3), of(3, 10));
        assert_eq!((second.len(), third.len()), (3, ALL - OF_ONE - 3));
        assert!(of(4, 1).is_empty());
        drop(first);
        assert_eq!(of(1, 10).len(), OF_ONE, "and they are given back");
        drop((second, third));
        assert!(places.taken().is_empty(), "nobody is remembered");
    }
}
