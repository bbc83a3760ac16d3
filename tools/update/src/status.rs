// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is in the slots, what boots next, and what became of the last update.

use std::fmt;

use anyhow::Result;
use bundle::Problem;
use layout::{decide, Whole, LETTERS};
use serde::Serialize;

use crate::router::standing;
use crate::Router;

/// The state of both slots.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Letter of the slot that runs.
    pub running: &'static str,
    /// Letter of the slot that boots next, if any does.
    pub next: Option<&'static str>,
    /// Both slots.
    pub slots: [SlotStatus; 2],
}

/// The state of a slot.
#[derive(Debug, Serialize)]
pub struct SlotStatus {
    /// Its letter.
    pub slot: &'static str,
    /// The version, if there is one.
    pub version: Option<String>,
    /// Its rollback index.
    pub rollback_index: Option<u32>,
    /// Whether it proved itself.
    #[serde(flatten)]
    pub state: State,
}

/// Whether a slot proved itself.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing is there.
    Empty,
    /// The loader would refuse what is there.
    Damaged {
        /// Why.
        reason: String,
    },
    /// It proved itself.
    Confirmed,
    /// It is to prove itself.
    OnTrial {
        /// Boots that it has left, beside one that is going on.
        tries: u8,
    },
    /// It had proved itself, and its kernel panicked too often since.
    Panicked,
    /// It had its boots and did not prove itself.
    FellBack {
        /// Why, each time that it could say so.
        reasons: Vec<String>,
    },
}

/// Looks at both slots.
///
/// # Errors
///
/// When they cannot be read.
pub fn status(router: &Router) -> Result<Status> {
    let record = router.control(|control| Ok(*control.record()))?;
    let trial = router.notes.read();
    let mut slots = Vec::new();
    for (number, slot) in LETTERS.into_iter().enumerate() {
        let manifest = standing(&mut router.slot(number)?, &router.key);
        let known = record.slots[number];
        let state = match &manifest {
            Err(Problem::NoManifest) => State::Empty,
            Err(problem) => State::Damaged { reason: problem.to_string() },
            Ok(_) if known.confirmed => State::Confirmed,
            Ok(_) if number != router.running && record.gave_way(number) => State::Panicked,
            Ok(_) if known.tries > 0 || number == router.running => State::OnTrial { tries: known.tries },
            Ok(manifest) => {
                let trial = trial.clone().filter(|trial| trial.slot == number);
                let trial = trial.filter(|trial| trial.version == manifest.product.version);
                State::FellBack { reasons: trial.map(|trial| trial.failures).unwrap_or_default() }
            }
        };
        let product = manifest.ok().map(|manifest| manifest.product);
        slots.push(SlotStatus {
            slot,
            rollback_index: product.as_ref().map(|product| product.rollback),
            version: product.map(|product| product.version),
            state,
        });
    }
    let there = |slot: usize| Some(Whole { rollback: slots[slot].rollback_index?, contents: () });
    let next = decide(Some(record), false, there).map(|decision| LETTERS[decision.slot]);
    // There are as many as letters.
    let slots = <[SlotStatus; 2]>::try_from(slots).map_err(|_| anyhow::anyhow!("more than two slots"))?;
    Ok(Status { running: LETTERS[router.running], next, slots })
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for slot in &self.slots {
            let runs = if slot.slot == self.running { " (running)" } else { "" };
            let version = slot.version.as_deref().unwrap_or("-");
            writeln!(f, "slot {}{runs}: {version}, {}", slot.slot, slot.state)?;
        }
        match self.next {
            Some(next) => write!(f, "slot {next} boots next"),
            None => f.write_str("nothing boots next"),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            State::Empty => f.write_str("empty"),
            State::Damaged { reason } => write!(f, "damaged: {reason}"),
            State::Confirmed => f.write_str("confirmed"),
            State::OnTrial { tries } => write!(f, "on trial, {tries} more boots to prove itself"),
            State::Panicked => f.write_str("gave way: its kernel panicked three times (`lunagate crashes`)"),
            State::FellBack { reasons } => match reasons.last() {
                Some(reason) => write!(f, "fell back: {}", reason.trim_end()),
                None => f.write_str("fell back: it could not say why (it panicked, hung, or lost its power)"),
            },
        }
    }
}
