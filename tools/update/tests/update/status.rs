// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is said of the slots.

use std::fs;

use layout::HEADER_LEN;
use update::{install, status, Router};

use crate::fixture::{bundle, Fixture, ROOM};

#[test]
fn each_slot_is_told_with_its_version_and_state() {
    let fixture = Fixture::new();
    let told = |fixture: &Fixture| status(&fixture.router()).expect("a status").to_string();
    assert_eq!(told(&fixture), "slot a (running): 1.0, confirmed\nslot b: -, empty\nslot a boots next");
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 5)[..], false, Vec::new()).expect("installed");
    let on_trial = "slot a (running): 1.0, confirmed\n\
                    slot b: 2.0, on trial, 3 more boots to prove itself\nslot b boots next";
    assert_eq!(told(&fixture), on_trial);
    for _ in 0..4 {
        fixture.restart();
    }
    let fell_back = "slot b: 2.0, fell back: it could not say why (it panicked, hung, or lost its power)";
    assert!(told(&fixture).contains(fell_back), "{}", told(&fixture));
}

#[test]
fn a_damaged_slot_is_told() {
    let fixture = Fixture::new();
    let router = fixture.router();
    install(&router, &mut &bundle("x86_64", "2.0", 5)[..], false, Vec::new()).expect("installed");
    let mut slot = fs::read(&router.slots[1]).expect("slot b");
    slot[ROOM - HEADER_LEN + 100] ^= 1;
    fs::write(&router.slots[1], slot).expect("written");
    let status = status(&router).expect("a status");
    assert!(status.to_string().contains("slot b: -, damaged: the signature of the manifest"), "{status}");
    assert_eq!(status.next, Some("a"));
}

#[test]
fn programs_get_an_object() {
    let fixture = Fixture::new();
    let status = serde_json::to_string(&status(&fixture.router()).expect("a status")).expect("JSON");
    let object = "{\"running\":\"a\",\"next\":\"a\",\"slots\":[\
                  {\"slot\":\"a\",\"version\":\"1.0\",\"rollback_index\":5,\"state\":\"confirmed\"},\
                  {\"slot\":\"b\",\"version\":null,\"rollback_index\":null,\"state\":\"empty\"}]}";
    assert_eq!(status, object);
}

#[test]
fn a_system_that_runs_from_no_slot_has_no_updates() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Router::find(folder.path()).map(drop).expect_err("no router");
    assert!(format!("{error:#}").starts_with("this system does not run from a slot"), "{error:#}");
}
