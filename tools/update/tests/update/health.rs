// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who is confirmed, and what is kept of who is not.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use update::{confirm, forgive, health, install, status, unjudged, Checks, Health, Router, State};

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
    assert_eq!(judge(&fixture), Health::Proved(Vec::new()));
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
    assert_eq!(judgement.expect("a judgement"), Health::Proved(Vec::new()));
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
    fs::rename(&notes, &later).expect("moved away");
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
    fixture.check("50-wan", "echo 'no route'; exit 1");
    assert_eq!(fixture.checks().unhealthy().expect("asked"), [("50-wan".into(), "no route".into())]);
    fixture.check("60-later", "exit 0");
    assert_eq!(judge(&fixture), Health::Proved(vec!["50-wan".into()]));
}

#[test]
fn what_has_proved_itself_is_not_asked() {
    let fixture = Fixture::new();
    fixture.check("10-one", "exit 1");
    assert_eq!(judge(&fixture), Health::Known);
}

#[test]
fn a_check_that_hangs_is_killed_and_not_content() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    let mark = fixture.root().join("mark");
    // Whom it calls hangs, and has its output.
    fixture.check(
        "10-one",
        &format!("sh -c 'echo $$ > {0}.new; mv {0}.new {0}; exec sleep 1000' &\nwait", mark.display()),
    );
    let checks = Checks { patience: Duration::from_secs(2), ..fixture.checks() };
    let judgement = health(&fixture.router(), &checks, Duration::ZERO).expect("a judgement");
    assert_eq!(judgement, Health::Failed("10-one: no answer in time".into()));
    assert_eq!(fixture.router().notes.read().expect("notes").failures.len(), 1);
    assert_eq!(checks.unhealthy().expect("asked"), [("10-one".into(), "no answer in time".into())]);
    // A slow machine may not have come so far.
    if let Ok(process) = fs::read_to_string(mark) {
        let process = Path::new("/proc").join(process.trim()).join("cmdline");
        // One that is dead and was not waited for has none.
        gone(|| fs::read(&process).is_ok_and(|words| !words.is_empty()));
    }
}

/// Waits until it is there no more.
fn gone(is_there: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while is_there() {
        assert!(Instant::now() < limit, "it is still there");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn checks_together_have_no_more_time_than_there_is() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    fixture.check("10-one", "exit 0");
    let checks = Checks { patience: Duration::ZERO, ..fixture.checks() };
    let judgement = health(&fixture.router(), &checks, Duration::ZERO).expect("a judgement");
    assert_eq!(judgement, Health::Failed("10-one: there was no time left to ask it".into()));
}

#[test]
fn a_health_check_that_ends_without_a_judgement_is_a_failure() {
    let fixture = on_trial(&[]);
    let reason = "the health check ended with status 137";
    assert_eq!(unjudged(&fixture.router(), reason.into()).expect("a judgement"), Health::Failed(reason.into()));
    let status = || status(&fixture.router()).expect("a status").to_string();
    assert_eq!([(); 3].map(|()| fixture.restart()), [1, 1, 0]);
    assert!(status().contains(&format!("slot b: 2.0, fell back: {reason}\n")), "{}", status());
    // Who has proved himself does not restart for that.
    assert_eq!(unjudged(&fixture.router(), reason.into()).expect("a judgement"), Health::Known);
}

#[test]
fn without_a_record_the_notes_say_whether_there_is_a_trial() {
    let fixture = on_trial(&[]);
    let bootctl = fixture.router().bootctl;
    let away = bootctl.with_extension("away");
    fs::rename(&bootctl, &away).expect("moved away");
    let Health::Failed(reason) = judge(&fixture) else { panic!("it is healthy") };
    assert!(reason.starts_with("failed to open "), "{reason}");
    fs::rename(&away, &bootctl).expect("back");
    confirm(&fixture.router()).expect("confirmed");
    fs::rename(&bootctl, &away).expect("moved away");
    let error = health(&fixture.router(), &fixture.checks(), Duration::ZERO).expect_err("nobody knows");
    assert!(format!("{error:#}").contains("failed to open "), "{error:#}");
}

#[test]
fn who_was_on_trial_when_the_disk_stopped_to_answer_still_is() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    fs::remove_dir_all(fixture.root().join("data/update")).expect("removed");
    fixture.check("10-one", &format!("rm {}; exit 1", fixture.router().bootctl.display()));
    assert_eq!(judge(&fixture), Health::Failed("10-one: ".into()));
}

#[test]
fn notes_that_hang_keep_nobody() {
    let fixture = on_trial(&[]);
    fixture.booted("ready\n");
    fixture.check("10-one", "exit 1");
    let notes = fixture.root().join("data/update/trial.json");
    fs::remove_file(&notes).expect("removed");
    // Whoever reads it waits for who writes.
    assert!(Command::new("mkfifo").arg(&notes).status().expect("made").success());
    let router = Router { patience: Duration::from_secs(5), ..fixture.router() };
    let judgement = health(&router, &fixture.checks(), Duration::ZERO).expect("a judgement");
    assert_eq!(judgement, Health::Failed("the disk does not answer within 5 s".into()));
}

#[test]
fn panics_are_forgotten_after_a_long_time_and_told_where_they_were_too_many() {
    let fixture = on_trial(&[]);
    assert!(confirm(&fixture.router()).expect("confirmed"));
    for _ in 0..3 {
        assert_eq!([(); 2].map(|()| fixture.restart_after(true)), [1, 1]);
        assert!(forgive(&fixture.router()).expect("forgiven"));
        let before = fs::read(fixture.router().bootctl).expect("records");
        assert!(!forgive(&fixture.router()).expect("nothing to forgive"));
        assert_eq!(before, fs::read(fixture.router().bootctl).expect("records"), "it is written without need");
    }
    assert_eq!([(); 3].map(|()| fixture.restart_after(true)), [1, 1, 0]);
    let status = status(&fixture.router()).expect("a status");
    assert_eq!(status.slots[1].state, State::Panicked);
    assert!(status.to_string().contains("slot b: 2.0, gave way: its kernel panicked three times"), "{status}");
}

#[test]
fn panics_of_what_has_proved_itself_never_bring_back_a_lower_rollback_index() {
    let fixture = Fixture::new();
    install(&fixture.router(), &mut &bundle("x86_64", "2.0", 6)[..], false, Vec::new()).expect("installed");
    assert_eq!(fixture.restart(), 1);
    confirm(&fixture.router()).expect("confirmed");
    assert_eq!([(); 6].map(|()| fixture.restart_after(true)), [1; 6]);
    let status = status(&fixture.router()).expect("a status");
    assert_eq!((status.next, &status.slots[1].state), (Some("b"), &State::Confirmed));
}
