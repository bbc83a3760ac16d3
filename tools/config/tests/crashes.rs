// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Logs of panics: the firmware's records become texts, and nothing is lost on the way.

use std::fs;
use std::path::Path;

use config::{Crash, Crashes, Error};

/// The kernel's name for a part of a dump.
fn name(time: u64, dump: u64, part: u64) -> String {
    format!("dmesg-efi_pstore-{}", (time * 100 + part) * 1000 + dump)
}

fn record(folder: &Path, (time, dump, part): (u64, u64, u64), text: &str) {
    fs::write(folder.join(name(time, dump, part)), format!("Panic#{dump} Part{part}\n{text}")).unwrap();
}

/// A folder of records, and one for logs.
fn folders() -> (tempfile::TempDir, tempfile::TempDir, Crashes) {
    let (records, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let crashes = Crashes::new(records.path(), data.path().join("crashes"));
    (records, data, crashes)
}

fn left(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

const REASON: &str = "Kernel panic - not syncing: sysrq triggered crash";

#[test]
fn parts_in_any_order_become_one_log_for_each_panic() {
    let (records, _data, crashes) = folders();
    // The clock goes on while the firmware writes, and the second panic is soon after the first.
    record(records.path(), (1003, 1, 2), "before\n");
    record(records.path(), (1000, 1, 1), &format!("<0>[   12.5] {REASON}\n"));
    record(records.path(), (1004, 1, 3), "first\n");
    record(records.path(), (1008, 1, 1), "<0>[    3.5] Kernel panic - not syncing: second\n");
    record(records.path(), (9000, 1, 2), "<4>oops, ");
    record(records.path(), (9000, 1, 1), "its end\n");
    record(records.path(), (9001, 2, 1), "no reason\n");
    assert_eq!(crashes.keep().unwrap(), 3);
    assert_eq!(crashes.log(1).unwrap(), format!("first\nbefore\n<0>[   12.5] {REASON}\n"));
    assert_eq!(crashes.log(3).unwrap(), "<4>oops, \nits end\nno reason\n");
    let crash = |number, time, reason: Option<&str>| Crash { number, time, reason: reason.map(str::to_owned) };
    let second = crash(2, 1008, Some("Kernel panic - not syncing: second"));
    assert_eq!(crashes.list().unwrap(), [crash(1, 1000, Some(REASON)), second, crash(3, 9000, None)]);
    assert!(left(records.path()).is_empty());
    assert_eq!(crashes.keep().unwrap(), 0);
    assert!(matches!(crashes.log(4), Err(Error::NoCrash { number: 4 })));
}

#[test]
fn what_is_not_of_a_panic_stays_and_what_cannot_be_read_is_said() {
    let (records, _data, crashes) = folders();
    let others = ["console-ramoops-0", "dmesg-efi_pstore-", "dmesg-efi_pstore-1x", "dmesg-erst-1"];
    for other in others {
        fs::write(records.path().join(other), "other").unwrap();
    }
    assert_eq!(crashes.keep().unwrap(), 0);
    record(records.path(), (1000, 1, 1), "cut in \u{fffd}");
    fs::write(records.path().join(name(1000, 1, 2) + ".enc.z"), [1, 2, 255]).unwrap();
    fs::write(records.path().join(name(1000, 1, 3)), [b'a', 255]).unwrap();
    assert_eq!(crashes.keep().unwrap(), 1);
    let packed = "(part 2 is packed in a way that this kernel does not read)";
    assert_eq!(crashes.log(1).unwrap(), format!("a\u{fffd}\n{packed}\ncut in \u{fffd}\n"));
    assert_eq!(left(records.path()), others);
}

#[test]
fn the_last_five_stay_and_of_a_long_one_its_end() {
    let (records, data, crashes) = folders();
    for number in 1..=7 {
        record(records.path(), (number * 1000, 1, 1), &format!("panic {number}\n"));
    }
    assert_eq!(crashes.keep().unwrap(), 7);
    let numbers: Vec<_> = crashes.list().unwrap().iter().map(|crash| crash.number).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
    for part in 1..=20 {
        record(records.path(), (9000, 1, part), &format!("{part}: {}\n", "x".repeat(60_000)));
    }
    assert_eq!(crashes.keep().unwrap(), 1);
    let log = crashes.log(8).unwrap();
    assert!(log.len() == 256 << 10 && log.contains("\n1: x"), "{} bytes", log.len());
    assert_eq!(left(&data.path().join("crashes")).len(), 5);
}

#[test]
fn nothing_is_lost_where_it_cannot_be_kept() {
    let (records, data, _) = folders();
    record(records.path(), (1000, 1, 1), REASON);
    // No folder can be made below a file, whoever asks.
    fs::write(data.path().join("file"), "").unwrap();
    let crashes = Crashes::new(records.path(), data.path().join("file/crashes"));
    crashes.keep().unwrap_err();
    assert_eq!(left(records.path()), [name(1000, 1, 1)]);
}

#[test]
fn a_cut_of_power_between_keeping_and_freeing_makes_no_second_log() {
    let (records, _data, crashes) = folders();
    let fill = |parts: &[u64]| {
        for part in parts {
            record(records.path(), (1000, 1, *part), &format!("part {part}\n"));
        }
    };
    fill(&[1, 2, 3]);
    assert_eq!(crashes.keep().unwrap(), 1);
    for cut in [&[1, 2, 3][..], &[2, 3], &[1]] {
        fill(cut);
        assert_eq!(crashes.keep().unwrap(), 0, "{cut:?} are left");
        assert!(left(records.path()).is_empty());
    }
    assert_eq!(crashes.list().unwrap().len(), 1);
}
