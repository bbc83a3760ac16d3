// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whether a version that is on trial does what a router is for.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context as _, Result};

use crate::bounded::within;
use crate::{confirm, Checks, Router, Trial};

/// How long to wait before the checks are asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// What the health check came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Health {
    /// What runs had proved itself before.
    Known,
    /// It has now, and these checks were not asked, as they were not content before the update.
    Proved(Vec<String>),
    /// It did not, and the reason is kept: restart.
    Failed(String),
}

/// What a look at everything came to.
enum Look {
    Content(Vec<String>),
    /// Not yet.
    Complaint(String),
    /// It will not be.
    Failed(String),
}

/// Waits until the boot is over and all checks are content, and confirms what runs.  What takes longer than
/// `limit`, a boot that failed, and what comes to no end are noted; the loader counts how often that may be.
///
/// # Errors
///
/// When neither boot record nor notes can be read, so that nobody knows whether there is a trial.
pub fn health(router: &Router, checks: &Checks, limit: Duration) -> Result<Health> {
    let deadline = Instant::now() + limit;
    let mut on_trial = false;
    let reason = loop {
        let known = is_confirmed(router);
        on_trial |= matches!(&known, Ok(false));
        let complaint = match known {
            Ok(true) => return Ok(Health::Known),
            Ok(false) => match look(router, checks, deadline + checks.patience) {
                Ok(Look::Content(spared)) => match disk(router, |router| confirm(&router)) {
                    Ok(_) => return Ok(Health::Proved(spared)),
                    Err(error) => break format!("{error:#}"),
                },
                Ok(Look::Failed(words)) => break words,
                Ok(Look::Complaint(words)) => words,
                Err(error) => format!("{error:#}"),
            },
            Err(error) => format!("{error:#}"),
        };
        if Instant::now() >= deadline {
            break complaint;
        }
        thread::sleep(PAUSE);
    };
    lost(router, reason, on_trial)
}

/// The health check comes to no better end than `reason`: what runs has not proved itself, unless it had before.
///
/// # Errors
///
/// As [`health()`].
pub fn unjudged(router: &Router, reason: String) -> Result<Health> {
    lost(router, reason, false)
}

/// It has not proved itself, for this `reason`; it is known to be `on_trial`, or that is to be found out.
fn lost(router: &Router, reason: String, on_trial: bool) -> Result<Health> {
    // They are on a partition that the boot mounts meanwhile.
    let notes = disk(router, |router| Ok(router.notes.of(router.running)));
    let on_trial = on_trial || matches!(&notes, Ok(Some(trial)) if !trial.proved);
    match is_confirmed(router) {
        // The owner said so meanwhile, or long ago.
        Ok(true) => return Ok(Health::Known),
        // A router whose disk does not answer any more does not restart for that alone.
        Err(error) if !on_trial => {
            bail!(error.context(format!("nobody knows whether this version is on trial ({reason})")))
        }
        _ => {}
    }
    let words = reason.clone();
    let kept = notes.and_then(|notes| {
        disk(router, |router| {
            let mut trial = notes.unwrap_or_else(|| Trial {
                slot: router.running,
                version: router.running().map(|manifest| manifest.product.version).unwrap_or_default(),
                ..Trial::default()
            });
            trial.failures.push(words);
            router.notes.keep(&trial)
        })
    });
    // Without notes the router must restart all the same.
    if let Err(error) = kept {
        eprintln!("update: the reason is not kept: {error:#}");
    }
    Ok(Health::Failed(reason))
}

/// Looks at the boot and asks the checks, none of which is asked after `end`.
fn look(router: &Router, checks: &Checks, end: Instant) -> Result<Look> {
    match checks.boot().as_deref() {
        None => return Ok(Look::Complaint("the boot has not come to its end".to_owned())),
        Some("ready") => {}
        Some(failed) => return Ok(Look::Failed(failed.to_owned())),
    }
    let trial = disk(router, |router| Ok(router.notes.of(router.running)))?;
    let spared = trial.map(|trial| trial.unhealthy_before).unwrap_or_default();
    let (asked, all) = (checks.clone(), spared.clone());
    let time = end.saturating_duration_since(Instant::now()) + router.patience;
    let complaint = within(time, move || asked.complaint(&all, end))?.context("the checks come to no end")?;
    Ok(complaint.map_or(Look::Content(spared), Look::Complaint))
}

fn is_confirmed(router: &Router) -> Result<bool> {
    disk(router, |router| router.control(|control| Ok(control.record().slots[router.running].confirmed)))
}

/// What has to do with the disk, which may not answer.
fn disk<T: Send + 'static>(router: &Router, work: impl FnOnce(Router) -> Result<T> + Send + 'static) -> Result<T> {
    let (router, patience) = (router.clone(), router.patience);
    let done = within(patience, move || work(router))?;
    done.ok_or_else(|| anyhow!("the disk does not answer within {} s", patience.as_secs()))
}
