// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A bundle, into the slot that does not run.

use std::io::{self, Read};

use anyhow::{bail, Context as _, Result};
use bundle::{Manifest, Problem};
use layout::{HEADER_LEN, LETTERS};

use crate::router::{standing, whole};
use crate::{Control, Router, Storage, Trial};

/// Why a bundle that is signed is not for this router.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is for another kind of device.
    #[error("the bundle is for devices of the kind '{theirs}', and this is one of the kind '{ours}'")]
    Incompatible {
        /// The bundle's.
        theirs: String,
        /// The running slot's.
        ours: String,
    },
    /// It is older than what must not come back.
    #[error(
        "version {version} has rollback index {theirs}, lower than {ours}, that of the running version {running}: \
         it lacks what was mended since; the owner can insist with --allow-downgrade"
    )]
    Older {
        /// The bundle's version.
        version: String,
        /// The bundle's rollback index.
        theirs: u32,
        /// The running version's.
        ours: u32,
        /// The running version.
        running: String,
    },
    /// It does not fit.
    #[error("the bundle takes {taken} bytes, the slot has {room}")]
    TooLarge {
        /// Bytes that it takes.
        taken: u64,
        /// Bytes of the slot.
        room: u64,
    },
    /// The other slot is what the running one falls back to.
    #[error("version {0} is on trial itself, and the other slot is its way back: confirm it, or wait until it is")]
    OnTrial(String),
}

/// Puts the bundle that `from` gives into the slot that does not run, which boots next, on trial.
/// `unhealthy` are the checks that are not content now.
///
/// # Errors
///
/// In words for the user.  What runs, and what boots next, is then as it was; the other slot is as
/// it was if the bundle was refused by its manifest, and else empty.
pub fn install(
    router: &Router,
    from: &mut impl Read,
    allow_downgrade: bool,
    unhealthy: Vec<String>,
) -> Result<Manifest> {
    let manifest = receive(from, &router.key)?;
    let running = router.running()?;
    let other = router.other();
    let mut slot = router.slot(other)?;
    router.control(|control| {
        if !control.record().slots[router.running].confirmed {
            bail!(Refusal::OnTrial(running.product.version.clone()));
        }
        fits(&manifest, &running, slot.size()?, allow_downgrade)?;
        let trial = Trial {
            slot: other,
            version: manifest.product.version.clone(),
            unhealthy_before: unhealthy,
            ..Trial::default()
        };
        router.notes.keep(&trial)?;
        write(&manifest, from, &mut slot, control, other, &router.key)
            .with_context(|| format!("the bundle is not installed, and slot {} is empty now", LETTERS[other]))
    })?;
    Ok(manifest)
}

/// Reads a bundle's manifest.
pub(crate) fn receive(from: &mut impl Read, key: &[u8; 32]) -> Result<Manifest> {
    match Manifest::receive(from, key) {
        Err(Problem::NoManifest) => bail!("this is no bundle: it does not begin with a manifest"),
        manifest => manifest.context("the bundle is refused"),
    }
}

/// Whether a bundle is for this router.
pub(crate) fn fits(manifest: &Manifest, running: &Manifest, room: u64, allow_downgrade: bool) -> Result<(), Refusal> {
    let (theirs, ours) = (&manifest.product, &running.product);
    if theirs.compatibility != ours.compatibility {
        return Err(Refusal::Incompatible { theirs: theirs.compatibility.clone(), ours: ours.compatibility.clone() });
    }
    if theirs.rollback < ours.rollback && !allow_downgrade {
        return Err(Refusal::Older {
            version: theirs.version.clone(),
            theirs: theirs.rollback,
            ours: ours.rollback,
            running: ours.version.clone(),
        });
    }
    let taken = (manifest.body_len() + HEADER_LEN) as u64;
    if taken > room {
        return Err(Refusal::TooLarge { taken, room });
    }
    Ok(())
}

/// Writes a slot in the order in which every moment is a good one for a power cut: the record forgets the
/// slot before its first byte changes, its header goes before its body comes, and comes when the disk has
/// given the whole body back; the record that puts the slot on trial is last.
///
/// # Errors
///
/// Those of the bundle and of the storage.  The slot is then empty.
pub fn write(
    manifest: &Manifest,
    from: &mut impl Read,
    slot: &mut dyn Storage,
    control: &mut Control,
    number: usize,
    key: &[u8; 32],
) -> Result<(), Problem> {
    let record = |source| Problem::Write { part: "the boot record", source };
    let header = |source| Problem::Write { part: "the header", source };
    let end = slot.size().map_err(header)? - HEADER_LEN as u64;
    control.change(|record| record.forget(number)).map_err(record)?;
    slot.write(end, &[0; HEADER_LEN]).and_then(|()| slot.sync()).map_err(header)?;

    let mut at = 0;
    manifest.body(from, |piece| {
        slot.write(at, piece)?;
        at += piece.len() as u64;
        Ok(())
    })?;
    if from.read(&mut [0]).map_err(|source| Problem::Read { part: "the end", source })? != 0 {
        return Err(Problem::Long);
    }
    let body = |source| Problem::Write { part: "the body", source };
    slot.sync().and_then(|()| slot.forget()).map_err(body)?;
    whole(slot, manifest)?;

    slot.write(end, manifest.block()).and_then(|()| slot.sync()).and_then(|()| slot.forget()).map_err(header)?;
    if standing(slot, key)?.block() != manifest.block() {
        return Err(header(io::Error::other("the disk gives back another one")));
    }
    control.change(|record| record.try_next(number)).map_err(record)
}
