// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The table against a map of the standard library, and under threads.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};

use proptest::prelude::*;
use table::{hash, room_for, Entry, Places, Spot};

const SEED: u64 = 0x1234_5678_9abc_def0;

struct Node {
    key: Vec<u8>,
    hash: u64,
    value: u64,
}

impl Entry for Node {
    fn hash(&self) -> u64 {
        self.hash
    }
    fn key(&self) -> &[u8] {
        &self.key
    }
}

/// Nodes are leaked: nothing that a reader may hold goes away.
fn node(key: &[u8], hash: u64, value: u64) -> *mut Node {
    Box::into_raw(Box::new(Node { key: key.to_vec(), hash, value }))
}

fn empty(length: usize) -> Vec<AtomicPtr<Node>> {
    (0..length).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect()
}

fn view(places: &[AtomicPtr<Node>]) -> Places<'_, Node> {
    // SAFETY: The tests make powers of two, and leak nodes.
    unsafe { Places::new(places) }
}

/// A writer that grows its table, as the kernel's does.
struct Table {
    places: Vec<AtomicPtr<Node>>,
    used: usize,
    live: usize,
    hash: fn(&[u8]) -> u64,
}

impl Table {
    fn new(hash: fn(&[u8]) -> u64) -> Table {
        Table { places: empty(room_for(0)), used: 0, live: 0, hash }
    }

    fn get(&self, key: &[u8]) -> Option<u64> {
        view(&self.places).find((self.hash)(key), key).map(|node| node.value)
    }

    fn set(&mut self, key: &[u8], value: Option<u64>) {
        let hash = (self.hash)(key);
        if (self.used + 1) * 2 > self.places.len() {
            let places = empty(room_for(self.live + 1));
            self.used = view(&places).fill(view(&self.places)).expect("there is room");
            assert_eq!(self.used, self.live);
            self.places = places;
        }
        let places = view(&self.places);
        match (places.spot(hash, key), value) {
            // SAFETY: The test is the only writer.
            (Spot::At(index), Some(value)) => unsafe {
                assert!(!places.put(index, node(key, hash, value)).is_null());
            },
            // SAFETY: As above.
            (Spot::At(index), None) => unsafe {
                assert_eq!((*places.remove(index)).key, key);
                self.live -= 1;
            },
            (Spot::Vacant { index, fresh }, Some(value)) => {
                // SAFETY: As above.
                assert!(unsafe { places.put(index, node(key, hash, value)) }.is_null());
                self.used += usize::from(fresh);
                self.live += 1;
            }
            (_, None) => {}
            (Spot::Full, Some(_)) => panic!("full at half of its room"),
        }
    }
}

fn mixed(key: &[u8]) -> u64 {
    hash(SEED, key)
}

/// All keys meet in four places.
fn poor(key: &[u8]) -> u64 {
    key.len() as u64 % 4
}

proptest! {
    #[test]
    fn it_is_a_map(
        changes in prop::collection::vec((prop::collection::vec(0u8..3, 0..4), prop::option::of(any::<u64>())), 0..150),
        good in any::<bool>(),
    ) {
        let mut table = Table::new(if good { mixed } else { poor });
        let mut model = HashMap::new();
        for (key, value) in changes {
            table.set(&key, value);
            match value {
                Some(value) => model.insert(key.clone(), value),
                None => model.remove(&key),
            };
            prop_assert_eq!(table.live, model.len());
            for (key, value) in &model {
                prop_assert_eq!(table.get(key), Some(*value));
            }
            let places = view(&table.places);
            let found: HashSet<_> = (0..places.len()).filter_map(|index| places.get(index)).map(|n| n.key.clone()).collect();
            prop_assert_eq!(found, model.keys().cloned().collect::<HashSet<_>>());
            for index in 0..places.len() {
                if let Some(entry) = places.get(index) {
                    prop_assert_eq!(places.index_of(entry), Some(index));
                }
            }
        }
    }

    #[test]
    fn equal_keys_have_equal_hashes_and_others_do_not(a: Vec<u8>, b: Vec<u8>, seed: u64) {
        prop_assert_eq!(hash(seed, &a) == hash(seed, &b), a == b);
        prop_assert_ne!(hash(seed, &a), hash(seed.wrapping_add(1), &a));
    }

    #[test]
    fn half_of_the_room_is_enough(entries in 0usize..1 << 20) {
        let room = room_for(entries);
        prop_assert!(room.is_power_of_two() && entries * 2 <= room);
    }
}

#[test]
fn hashes_spread() {
    // Addresses of a network, as policies use them: no place gets much more than its share.
    let mut places = vec![0; 1024];
    for n in 0..65536u32 {
        places[mixed(format!("10.0.{}.{}", n >> 8, n & 255).as_bytes()) as usize % 1024] += 1;
    }
    let most = places.iter().max().unwrap();
    assert!(*most < 64 * 2, "64 are its share, one has {most}");
}

#[test]
fn a_full_table_says_so() {
    let places = empty(4);
    let places = view(&places);
    for n in 0..4u8 {
        let Spot::Vacant { index, fresh: true } = places.spot(u64::from(n) * 4, &[n]) else { panic!("no room") };
        // SAFETY: The test is the only writer.
        unsafe { places.put(index, node(&[n], u64::from(n) * 4, 0)) };
    }
    assert_eq!(places.spot(0, &[9]), Spot::Full);
    assert!(places.find(0, &[9]).is_none());
    let small = empty(2);
    assert_eq!(view(&small).fill(places), None);
    // SAFETY: As above.
    unsafe { places.remove(2) };
    assert_eq!(places.spot(0, &[9]), Spot::Vacant { index: 2, fresh: false });
}

/// Whatever the writer does to other keys, readers find those that stay, whole.
#[test]
fn readers_miss_nothing_that_stays() {
    const STAY: u64 = 50;
    let current: AtomicPtr<Vec<AtomicPtr<Node>>> = AtomicPtr::new(Box::into_raw(Box::new(empty(256))));
    let done = AtomicBool::new(false);
    let (copies, reads) = (AtomicUsize::new(0), AtomicU64::new(0));
    // SAFETY: Tables are leaked.
    let now = || view(unsafe { &*current.load(Ordering::Acquire) });
    let set = |key: u64, value: Option<u64>| {
        let (bytes, places) = (key.to_le_bytes(), now());
        let hash = mixed(&bytes);
        match (places.spot(hash, &bytes), value) {
            // SAFETY: One thread writes.
            (Spot::At(index) | Spot::Vacant { index, .. }, Some(value)) => unsafe {
                places.put(index, node(&bytes, hash, value));
            },
            // SAFETY: As above.
            (Spot::At(index), None) => unsafe {
                places.remove(index);
            },
            _ => {}
        }
    };
    for key in 0..STAY {
        set(key, Some(key << 32));
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for key in 0..STAY {
                        let bytes = key.to_le_bytes();
                        let node = now().find(mixed(&bytes), &bytes).expect("a key that stays is found");
                        assert_eq!(node.value >> 32, key, "the value is that of the key");
                        reads.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let mut round = 0;
        while round < 2000 || reads.load(Ordering::Relaxed) < 10 * STAY {
            for key in STAY..STAY + 50 {
                set(key, Some(key << 32));
            }
            set(round % STAY, Some((round % STAY) << 32 | round & 0xffff));
            for key in STAY..STAY + 50 {
                set(key, None);
            }
            if round % 3 == 0 {
                let copy = empty(256);
                assert_eq!(view(&copy).fill(now()), Some(STAY as usize));
                current.store(Box::into_raw(Box::new(copy)), Ordering::Release);
                copies.fetch_add(1, Ordering::Relaxed);
            }
            round += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(copies.into_inner() > 0);
}
