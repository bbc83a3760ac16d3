// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is installed, and what is refused.

use layout::HEADER_LEN;
use std::fs;
use update::{confirm, install, offer, rollback, status, State};

use crate::fixture::{bundle, Fixture, ROOM, ROOT};

/// Why this is not installed; nothing else may have changed than slot B.
fn refused(fixture: &Fixture, bundle: &[u8]) -> String {
    let router = fixture.router();
    let before = fs::read(&router.slots[0]).expect("slot a");
    let error = install(&router, &mut &bundle[..], false, Vec::new()).expect_err("refused");
    assert_eq!(before, fs::read(&router.slots[0]).expect("slot a"), "slot a has changed");
    let status = status(&router).expect("a status");
    assert_eq!((status.next, &status.slots[1].state), (Some("a"), &State::Empty));
    assert_eq!(fixture.restart(), 0);
    format!("{error:#}")
}

#[test]
fn a_bundle_boots_next_and_stays_once_it_is_confirmed() {
    let fixture = Fixture::new();
    let bundle = bundle("x86_64", "2.0", 5);
    let router = fixture.router();
    install(&router, &mut &bundle[..], false, Vec::new()).expect("installed");
    let slot = fs::read(&router.slots[1]).expect("slot b");
    assert_eq!(slot[ROOM - HEADER_LEN..], bundle[..HEADER_LEN]);
    assert_eq!(slot[..bundle.len() - HEADER_LEN], bundle[HEADER_LEN..]);
    assert_eq!(fixture.restart(), 1);
    assert!(confirm(&fixture.router()).expect("confirmed"));
    for _ in 0..5 {
        assert_eq!(fixture.restart(), 1);
    }
    assert!(!confirm(&fixture.router()).expect("confirmed already"));
}

#[test]
fn a_bundle_that_is_not_confirmed_has_three_boots() {
    let fixture = Fixture::new();
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 5)[..], false, Vec::new()).expect("installed");
    assert_eq!([(); 5].map(|()| fixture.restart()), [1, 1, 1, 0, 0]);
}

#[test]
fn whatever_is_changed_in_a_bundle_is_refused() {
    let fixture = Fixture::new();
    let good = bundle("x86_64", "2.0", 5);
    let root = HEADER_LEN + ROOT;
    let signature = "the bundle is refused: the signature of the manifest is not that of the key that this router";
    let empty = "the bundle is not installed, and slot b is empty now: ";
    for (at, words) in [
        (0, "this is no bundle: it does not begin with a manifest".to_owned()),
        // The kernel's hash, the rollback index, the version, the command line, the signature.
        (20, signature.to_owned()),
        (48, signature.to_owned()),
        (84, signature.to_owned()),
        (200, signature.to_owned()),
        (HEADER_LEN - 1, signature.to_owned()),
        (HEADER_LEN, format!("{empty}the root file system is not the one of the manifest")),
        (root - 1, format!("{empty}the root file system is not the one of the manifest")),
        (root, format!("{empty}the root's tree of hashes is not the one of the manifest")),
        (good.len() - 70_001, format!("{empty}the kernel is not the one of the manifest")),
        (good.len() - 1, format!("{empty}the kernel is not the one of the manifest")),
    ] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let said = refused(&fixture, &bad);
        assert!(said.starts_with(&words), "byte {at}: {said}");
    }
}

#[test]
fn a_bundle_that_ends_early_or_late_is_refused() {
    let fixture = Fixture::new();
    let good = bundle("x86_64", "2.0", 5);
    for (len, words) in [
        (0, "the bundle is refused: it ends within the manifest"),
        (HEADER_LEN, "it ends within the root file system"),
        (HEADER_LEN + ROOT, "it ends within the root's tree of hashes"),
        (good.len() - 1, "slot b is empty now: it ends within the kernel"),
    ] {
        let said = refused(&fixture, &good[..len]);
        assert!(said.ends_with(words), "{len} bytes: {said}");
    }
    let said = refused(&fixture, &[&good[..], b"x"].concat());
    assert!(said.ends_with("slot b is empty now: it goes on after its kernel"), "{said}");
}

#[test]
fn a_bundle_for_another_device_is_refused() {
    let said = refused(&Fixture::new(), &bundle("toaster", "2.0", 5));
    assert_eq!(said, "the bundle is for devices of the kind 'toaster', and this is one of the kind 'x86_64'");
}

#[test]
fn a_bundle_that_is_larger_than_the_slot_is_refused() {
    let fixture = Fixture::new();
    let router = fixture.router();
    fs::write(&router.slots[1], vec![0; ROOM / 2]).expect("written");
    let said = refused(&fixture, &bundle("x86_64", "2.0", 5));
    assert!(said.starts_with("the bundle takes ") && said.ends_with(" bytes, the slot has 524288"), "{said}");
}

#[test]
fn an_older_rollback_index_is_refused_unless_the_owner_insists() {
    let fixture = Fixture::new();
    let older = bundle("x86_64", "0.9", 4);
    let said = refused(&fixture, &older);
    assert!(said.starts_with("version 0.9 has rollback index 4, lower than 5, that of the running version 1.0"));
    install(&fixture.router(), &mut &older[..], true, Vec::new()).expect("installed");
    assert_eq!(fixture.restart(), 1);
}

#[test]
fn a_version_on_trial_does_not_overwrite_its_way_back() {
    let fixture = Fixture::new();
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 5)[..], false, Vec::new()).expect("installed");
    assert_eq!(fixture.restart(), 1);
    let router = fixture.router();
    let before = fs::read(&router.slots[0]).expect("slot a");
    let error = install(&router, &mut &bundle("x86_64", "3.0", 5)[..], false, Vec::new()).expect_err("refused");
    assert!(error.to_string().starts_with("version 2.0 is on trial itself"), "{error}");
    assert_eq!(before, fs::read(&router.slots[0]).expect("slot a"));
}

#[test]
fn the_owner_goes_back_to_what_proved_itself_and_to_nothing_else() {
    let fixture = Fixture::new();
    let error = rollback(&fixture.router(), false).expect_err("nothing is there");
    assert_eq!(format!("{error:#}"), "slot b has no version: it has no manifest");
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 6)[..], false, Vec::new()).expect("installed");
    let error = rollback(&fixture.router(), false).expect_err("it is new");
    assert!(error.to_string().contains("has not proved itself: install it again"), "{error}");
    assert_eq!(fixture.restart(), 1);
    confirm(&fixture.router()).expect("confirmed");
    let error = rollback(&fixture.router(), false).expect_err("it is older");
    assert!(error.to_string().starts_with("version 1.0 in slot a has rollback index 5, lower than 6"), "{error}");
    assert_eq!(rollback(&fixture.router(), true).expect("rolled back"), "1.0");
    assert_eq!([(); 3].map(|()| fixture.restart()), [0; 3]);
    assert_eq!(rollback(&fixture.router(), false).expect("and forth"), "2.0");
    assert_eq!([(); 3].map(|()| fixture.restart()), [1; 3]);
}

#[test]
fn what_is_offered_is_said_from_its_first_block() {
    let fixture = Fixture::new();
    let router = fixture.router();
    let says = |mut bundle: &[u8]| offer(&router, &mut bundle).map(|offer| (offer.runs(), offer.to_string()));
    for (bundle, runs, words) in [
        (bundle("x86_64", "2.0", 5), false, "version 2.0 is offered, and 1.0 runs: `lunagate update` installs it"),
        (bundle("x86_64", "1.0", 5), true, "version 1.0 is offered, and runs already"),
        (
            bundle("x86_64", "0.9", 4),
            false,
            "version 0.9 is offered, and refused here: version 0.9 has rollback index 4",
        ),
        (bundle("other", "2.0", 5), false, "refused here: the bundle is for devices of the kind 'other'"),
    ] {
        let (is, said) = says(&bundle[..HEADER_LEN]).expect("an offer");
        assert!(is == runs && said.contains(words), "{said}");
    }
    let mut changed = bundle("x86_64", "2.0", 5);
    changed[84] ^= 1;
    let error = says(&changed).expect_err("refused");
    assert!(format!("{error:#}").contains("the signature of the manifest is not that of the key"), "{error:#}");
    let error = says(b"<html>").expect_err("refused");
    assert!(format!("{error:#}").contains("it ends within the manifest"), "{error:#}");
}
