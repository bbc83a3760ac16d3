// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The class `cpufreq.policy`: CPUs that share a frequency, for the governor's script.
//!
//! What a policy is asked when it is not under the governor any more is nil: that happens at any time.

use core::ffi::CStr;
use lua::{method, Class, Kind, Object, Pushed, State};
use lunatik_core::errno;

use crate::sys::{self, Facts, Seat};

/// What it costs to ask, and to change the frequency.
const ASK: usize = 20;
const TARGET: usize = 200;
/// Frequencies of a table that scripts see.
const FREQUENCIES: usize = 128;
const ENODEV: i32 = -19;

/// What kernels call the thermal zone of the CPU.
const ZONES: [&CStr; 4] = [c"x86_pkg_temp", c"cpu-thermal", c"cpu_thermal", c"acpitz"];

/// The names of CPUFREQ_RELATION_*.
const RELATIONS: [&[u8]; 3] = [b"at least", b"at most", b"closest"];

pub(crate) struct Policy(pub(crate) Seat);

static POLICY: Class = Class::new::<Policy>(
    c"cpufreq.policy",
    &[
        method(c"cpu", Policy::cpu),
        method(c"cpus", Policy::cpus),
        method(c"current", Policy::current),
        method(c"min", Policy::min),
        method(c"max", Policy::max),
        method(c"hardware", Policy::hardware),
        method(c"frequencies", Policy::frequencies),
        method(c"load", Policy::load),
        method(c"temperature", Policy::temperature),
        method(c"target", Policy::target),
    ],
);

impl Object for Policy {
    const CLASS: &'static Class = &POLICY;
}

impl Policy {
    /// `policy:cpu()`: the number of one of its CPUs, by which others know it, too.
    fn cpu(&self) -> u32 {
        self.0.cpu()
    }

    /// `policy:cpus()`: a list of the numbers of those that are online.
    fn cpus(&self, state: State<'_>) -> lua::Result<Pushed> {
        state.spend(ASK.saturating_add(sys::cpus() as usize))?;
        list(state, self.0.cpus())
    }

    fn facts(&self, state: State<'_>) -> lua::Result<Option<Facts>> {
        state.spend(ASK)?;
        Ok(self.0.facts())
    }

    /// `policy:current()`: in kHz, as all frequencies.
    fn current(&self, state: State<'_>) -> lua::Result<Option<u32>> {
        Ok(self.facts(state)?.map(|facts| facts.current))
    }

    /// `policy:min()`: what it may be, as user space and the cooling have it.
    fn min(&self, state: State<'_>) -> lua::Result<Option<u32>> {
        Ok(self.facts(state)?.map(|facts| facts.min))
    }

    /// `policy:max()`
    fn max(&self, state: State<'_>) -> lua::Result<Option<u32>> {
        Ok(self.facts(state)?.map(|facts| facts.max))
    }

    /// `policy:hardware()`: what it can be, from and to.
    fn hardware(&self, state: State<'_>) -> lua::Result<(Option<u32>, Option<u32>)> {
        let facts = self.facts(state)?;
        Ok((facts.as_ref().map(|facts| facts.hardware_min), facts.map(|facts| facts.hardware_max)))
    }

    /// `policy:frequencies()`: an ascending list; an empty one if the driver has no table.
    fn frequencies(&self, state: State<'_>) -> lua::Result<Pushed> {
        state.spend(ASK.saturating_add(FREQUENCIES))?;
        let mut room = [0; FREQUENCIES];
        list(state, self.0.frequencies(&mut room).iter().copied())
    }

    /// `policy:load([cpu])`: percent since it was asked last; without a number, of its busiest CPU.
    fn load(&self, state: State<'_>, cpu: Option<u32>) -> lua::Result<Option<u32>> {
        state.spend(ASK)?;
        if let Some(cpu) = cpu {
            return Ok(self.0.load(cpu));
        }
        state.spend(sys::cpus() as usize)?;
        Ok(self.0.cpus().filter_map(|cpu| self.0.load(cpu)).max())
    }

    /// `policy:temperature([zone])`: thousandths of a degree Celsius; nil if there is no such thermal zone.
    fn temperature(&self, state: State<'_>, zone: Option<&CStr>) -> lua::Result<Option<i32>> {
        state.spend(ASK)?;
        match zone {
            Some(zone) => Ok(sys::temperature(zone)),
            None => Ok(ZONES.iter().find_map(|zone| sys::temperature(zone))),
        }
    }

    /// `policy:target(khz[, relation])`: changes it to one that there is, "at least" that (the default), "at most"
    /// that or the "closest", within min and max; returns it.
    fn target(&self, state: State<'_>, khz: u32, relation: Option<&[u8]>) -> lua::Result<Option<u32>> {
        let relation = relation.unwrap_or(RELATIONS[0]);
        let relation = RELATIONS.iter().position(|name| *name == relation);
        let relation = relation.ok_or(lua::Error::from(Kind::InvalidValue).at(3))?;
        state.spend(TARGET)?;
        match self.0.target(khz, relation as u32) {
            Ok(chosen) => Ok(Some(chosen)),
            Err(ENODEV) => Ok(None),
            Err(status) => Err(errno::raise(state, status)),
        }
    }
}

fn list(state: State<'_>, numbers: impl Iterator<Item = u32>) -> lua::Result<Pushed> {
    state.push_table(0, 0)?;
    let table = state.top();
    for (index, number) in (1..).zip(numbers) {
        state.push(number)?;
        state.raw_set_index(table, index)?;
    }
    Ok(Pushed(1))
}
