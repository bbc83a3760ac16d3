// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is known of a runtime, as an object of JSON.

use core::fmt::{self, Write};

use crate::failure::{Failure, Writer};
use crate::json::{Items, Member, Quoted};
use crate::ledger::HOOKS;
use crate::runtime::Books;
use crate::Runtime;

/// Writes the object on a line. `started` says how it came to run.
pub(crate) fn write(to: &mut Writer, runtime: &Runtime, started: &str) -> Result<(), Failure> {
    let (record, books) = (runtime.record()?, runtime.states()?);
    let written = describe(to, runtime, started).and_then(|()| {
        match record.since {
            Some(since) => write!(to, ",\"state\":\"quarantined\",\"since\":{since}")?,
            None => write!(to, ",\"state\":\"running\"")?,
        }
        if !record.last.is_empty() {
            write!(to, ",\"last_failure\":{}", Quoted(&record.last))?;
        }
        states(to, &books)
    });
    written.map_err(|_| Failure::from(kernel::error::code::ENOMEM))
}

fn describe(to: &mut Writer, runtime: &Runtime, started: &str) -> fmt::Result {
    let (name, context, budget) = (Quoted(runtime.name().to_bytes()), runtime.context().name(), runtime.budget());
    write!(to, "{{\"script\":{name},\"context\":\"{context}\",\"started\":\"{started}\"")?;
    write!(
        to,
        ",\"budget\":{{\"fuel\":{},\"load_fuel\":{},\"memory\":{},\"stack\":{},\"faults\":{},\"window_ms\":{}}}",
        budget.fuel, budget.load_fuel, budget.memory, budget.stack, budget.faults, budget.window
    )?;
    write!(to, ",\"fail\":\"{}\",\"capabilities\":", budget.fail.name())?;
    match runtime.capabilities().names() {
        Some(names) => write!(to, "[{}]", Items(names.map(Quoted))),
        None => to.write_str("null"),
    }
}

fn states(to: &mut Writer, states: &[Books]) -> fmt::Result {
    to.write_str(",\"cpus\":[")?;
    for (index, state) in states.iter().enumerate() {
        if index > 0 {
            to.write_char(',')?;
        }
        describe_state(to, state)?;
    }
    to.write_str("]}\n")
}

fn describe_state(to: &mut Writer, Books { cpu, bytes, ledger }: &Books) -> fmt::Result {
    let calls = ledger.histogram().fold(0, u64::wrapping_add);
    write!(to, "{{\"cpu\":{cpu},\"memory\":{bytes},\"calls\":{calls}")?;
    let (sum, most, histogram) = (ledger.fuel(), ledger.most(), Items(ledger.histogram()));
    write!(to, ",\"fuel\":{{\"sum\":{sum},\"max\":{most},\"histogram\":[{histogram}]}}")?;
    to.write_str(",\"verdicts\":{")?;
    for (index, hooks) in HOOKS.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        write!(to, "{separator}\"{}\":{{{}}}", hooks.name, Items(ledger.verdicts(hooks).map(Member)))?;
    }
    write!(to, "}},\"faults\":{{{}}}}}", Items(ledger.faults().map(Member)))
}
