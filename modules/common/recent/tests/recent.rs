// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What counts as recent.
use recent::Recent;

const WINDOW: u64 = 1600;

/// Counts events at these times, and says what the last one was told.
fn count(times: impl IntoIterator<Item = u64>) -> u64 {
    let mut recent = Recent::new();
    times.into_iter().map(|now| recent.count(now, WINDOW)).last().unwrap_or(0)
}

#[test]
fn what_happens_within_a_window_is_counted_wherever_that_begins() {
    for begin in (1000..5000).step_by(7) {
        assert_eq!(count((0..100).map(|turn| begin + turn * 16)), 100, "from {begin} on");
        // At the end of what would be a window of its own, and at the beginning of the next one.
        assert_eq!(count([0, begin + 1500, begin + 1599, begin + 1600, begin + 1700]), 4, "from {begin} on");
    }
}

#[test]
fn what_was_longer_ago_is_not() {
    for begin in (1000..5000).step_by(7) {
        assert_eq!(count([begin, begin, begin + WINDOW + 101]), 1, "from {begin} on");
        assert_eq!(count((0..1000).map(|turn| begin + turn * 1701)), 1, "from {begin} on");
        assert_eq!(count([begin, begin + (1 << 40), begin + (1 << 41)]), 1, "from {begin} on");
    }
}

#[test]
fn times_may_come_a_little_late() {
    assert_eq!(count([1000, 1300, 1299, 1001, 1302]), 5);
}

#[test]
fn a_window_may_be_a_moment_or_for_ever() {
    let mut recent = Recent::new();
    assert_eq!([1, 1, 2, 1000].map(|now| recent.count(now, 0)), [1, 2, 3, 1]);
    let mut recent = Recent::new();
    assert_eq!([1, 1 << 20, 1 << 40].map(|now| recent.count(now, u64::MAX)), [1, 2, 3]);
}
