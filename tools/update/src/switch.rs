// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which slot boots, as the owner says.

use anyhow::{bail, Context as _, Result};
use layout::{Record, LETTERS};

use crate::router::{standing, whole};
use crate::{Router, Trial};

/// Confirms what runs: it boots from now on without being counted.  Says whether that is news.
///
/// # Errors
///
/// When the boot record cannot be written.
pub fn confirm(router: &Router) -> Result<bool> {
    let news = change(router, |record| record.confirm(router.running))?;
    // Without notes it is confirmed all the same.
    if let Some(trial) = router.notes.of(router.running).filter(|trial| !trial.proved) {
        let _ = router.notes.keep(&Trial { proved: true, ..trial });
    }
    Ok(news)
}

/// Forgets what runs the panics of before, as it has run well for long.  Says whether there were any.
///
/// # Errors
///
/// When the boot record cannot be written.
pub fn forgive(router: &Router) -> Result<bool> {
    change(router, |record| record.forgive(router.running))
}

/// Changes what is known of the running slot, and says whether that is news.
fn change(router: &Router, change: impl FnOnce(&mut Record)) -> Result<bool> {
    router.control(|control| {
        let before = *control.record();
        control.change(change).context("failed to write the boot record")?;
        Ok(before.slots[router.running] != control.record().slots[router.running])
    })
}

/// Lets the other slot boot next, and from then on: its version.
///
/// # Errors
///
/// It has never proved itself, is not whole, or has an older rollback index and `allow_downgrade` is not given.
pub fn rollback(router: &Router, allow_downgrade: bool) -> Result<String> {
    let other = router.other();
    let letter = LETTERS[other];
    router.control(|control| {
        let mut slot = router.slot(other)?;
        let manifest = standing(&mut slot, &router.key).with_context(|| format!("slot {letter} has no version"))?;
        let version = manifest.product.version.clone();
        if !control.record().slots[other].confirmed {
            bail!("version {version} in slot {letter} has not proved itself: install it again");
        }
        let (theirs, ours) = (manifest.product.rollback, router.running()?.product.rollback);
        if theirs < ours && !allow_downgrade {
            bail!(
                "version {version} in slot {letter} has rollback index {theirs}, lower than {ours}: it lacks what was \
                 mended since; the owner can insist with --allow-downgrade"
            );
        }
        whole(&mut slot, &manifest).with_context(|| format!("slot {letter} is damaged"))?;
        control.change(|record| record.prefer(other)).context("failed to write the boot record")?;
        Ok(version)
    })
}
