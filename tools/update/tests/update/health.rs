// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who is confirmed, and what is kept of who is not.

use std::time::Duration;

use update::{health, install, status, Health, State};

use crate::fixture::{bundle, Fixture};

/// Version 2.0 runs, on trial; the checks with these names were not content before.
fn on_trial(unhealthy: &[&str]) -> Fixture {
    let fixture = Fixture::new();
    let unhealthy = unhealthy.iter().map(ToString::to_string).collect();
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 5)[..], false, unhealthy).expect("installed");
    assert_eq!(fixture.restart(), 1);
    fixture
}

/// What the health check comes to that has no time to wait.
fn judge(fixture: &Fixture) -> Health {
    health(&fixture.router(), &fixture.checks(), Duration::ZERO).expect("a judgement")
}

#[test]
fn what_pleases_all_checks_is_confirmed() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    fixture.check("10-one", "exit 0");
    assert_eq!(judge(&fixture), Health::Proved);
    assert_eq!([(); 5].map(|()| fixture.restart()), [1; 5]);
}

#[test]
fn what_displeases_one_falls_back_with_its_words() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    fixture.check("10-one", "exit 0");
    fixture.check("20-two", "echo 'no address on eth1'; exit 1");
    let words = "20-two: no address on eth1";
    assert_eq!(judge(&fixture), Health::Failed(words.into()));
    assert_eq!([(); 3].map(|()| fixture.restart()), [1, 1, 0]);
    let status = status(&fixture.router()).expect("a status");
    assert_eq!(status.slots[1].state, State::FellBack { reasons: vec![words.into()] });
    assert!(status.to_string().contains("slot b: 2.0, fell back: 20-two: no address on eth1\n"), "{status}");
}

#[test]
fn a_check_that_becomes_content_in_time_is_enough() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    let flag = fixture.root().join("flag");
    fixture.check("10-one", &format!("[ -e {0} ] || {{ touch {0}; exit 1; }}", flag.display()));
    let judgement = health(&fixture.router(), &fixture.checks(), Duration::from_secs(60));
    assert_eq!(judgement.expect("a judgement"), Health::Proved);
}

#[test]
fn a_boot_that_fails_or_does_not_end_is_not_healthy() {
    let fixture = on_trial(&[]);
    assert_eq!(judge(&fixture), Health::Failed("the boot has not come to its end".into()));
    fixture.booted("firewall failed: syntax error\n");
    let judgement = health(&fixture.router(), &fixture.checks(), Duration::from_secs(600));
    assert_eq!(judgement.expect("at once"), Health::Failed("firewall failed: syntax error".into()));
}

#[test]
fn a_boot_that_mounts_the_notes_late_finds_them() {
    let fixture = on_trial(&["50-wan"]);
    let (notes, later) = (fixture.root().join("data/update"), fixture.root().join("later"));
    std::fs::rename(&notes, &later).expect("moved away");
    fixture.check("10-one", &format!("mv {} {}; exit 1", later.display(), notes.display()));
    fixture.check("50-wan", "exit 1");
    fixture.booted("ready\n");
    assert_eq!(judge(&fixture), Health::Failed("10-one: ".into()));
    let kept = fixture.router().notes.read().expect("notes");
    assert_eq!((&*kept.version, kept.unhealthy_before.len(), kept.failures.len()), ("2.0", 1, 1));
}

#[test]
fn what_was_not_content_before_is_not_asked() {
    let fixture = on_trial(&["50-wan"]);
    fixture.booted("ready\n");
    fixture.check("50-wan", "exit 1");
    assert_eq!(fixture.checks().unhealthy().expect("asked"), ["50-wan"]);
    assert_eq!(judge(&fixture), Health::Proved);
}

#[test]
fn what_has_proved_itself_is_not_asked() {
    let fixture = Fixture::new();
    fixture.check("10-one", "exit 1");
    assert_eq!(judge(&fixture), Health::Known);
}
