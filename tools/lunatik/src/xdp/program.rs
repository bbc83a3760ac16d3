// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The program that hands each packet to scripts: it calls one function of luaxdp.ko, for each of them.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{anyhow, bail, Context, Result};

use super::btf;
use super::instruction::{Instruction, R1, R2, R6};
use crate::sys;

/// The kernel module whose function is called.
pub const MODULE: &str = "luaxdp";
/// `int bpf_lunatik_xdp(struct xdp_md *, u64 id)`: the XDP action of the script's run with this number.
const FUNCTION: &str = "bpf_lunatik_xdp";
const KERNEL_TYPES: &str = "/sys/kernel/btf/vmlinux";
const MODULE_TYPES: &str = "/sys/kernel/btf/luaxdp";
/// A function's BTF is found by its place in this program's array of them.
const PLACE: i16 = 1;
/// The action that hands a packet to the next.
const XDP_PASS: i32 = 2;
/// The program takes packets that are in several buffers.
const BPF_F_XDP_HAS_FRAGS: u32 = 1 << 5;

/// What of a packet the script sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All of it: the driver does not take larger packets than it can show whole.
    Whole,
    /// Of a packet in several buffers, the first.
    FirstBuffer,
}

/// The function, found in the running kernel.
pub struct Function {
    btf: OwnedFd,
    id: i32,
}

impl Function {
    /// Finds it.
    ///
    /// # Errors
    ///
    /// The kernel has no type information, or luaxdp.ko is not there, or is another one.
    pub fn find() -> Result<Self> {
        let kernel = types(KERNEL_TYPES, "the kernel was built without it (CONFIG_DEBUG_INFO_BTF)")?;
        let module = types(
            MODULE_TYPES,
            "luaxdp is not loaded (`lunatik load`), or the kernel was built without CONFIG_DEBUG_INFO_BTF_MODULES",
        )?;
        let id = btf::function(&kernel, &module, FUNCTION)
            .with_context(|| format!("cannot read the type information in {KERNEL_TYPES} and {MODULE_TYPES}"))?;
        let Some(id) = id.and_then(|id| i32::try_from(id).ok()) else {
            bail!("{MODULE} has no function {FUNCTION}: it is of another version than this lunatik");
        };
        Ok(Function { btf: open()?, id })
    }

    /// Loads a program that hands each packet to the scripts' runs with these numbers, one after the other as long as
    /// they let it pass.
    ///
    /// # Errors
    ///
    /// In the words of the kernel's verifier.
    pub fn program(&self, runs: &[u64], view: View) -> Result<OwnedFd> {
        let instructions: Vec<_> = instructions(runs, self.id).into_iter().map(|instruction| instruction.0).collect();
        let program = sys::Program {
            instructions: &instructions,
            // A program that calls kernel functions must be GPL-compatible, and this is.
            license: c"Dual MIT/GPL",
            name: "lunatik_xdp",
            flags: if view == View::FirstBuffer { BPF_F_XDP_HAS_FRAGS } else { 0 },
            btf: self.btf.as_fd(),
        };
        sys::load_program(&program, &mut []).or_else(|error| {
            // Once more, to hear why.
            let mut log = vec![0; 1 << 16];
            sys::load_program(&program, &mut log).map_err(|_| refused(error, &log))
        })
    }
}

fn types(path: &str, missing: &str) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("there is no type information in {path}: {missing}"),
        _ => anyhow!(error).context(format!("cannot read {path}")),
    })
}

/// Opens the module's BTF, by which the kernel knows whose function is meant.
fn open() -> Result<OwnedFd> {
    let mut id = 0;
    loop {
        id = match sys::next_btf(id) {
            Ok(id) => id,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("{MODULE} has gone: load the modules with `lunatik load`")
            }
            Err(error) => return Err(error).context("cannot list the kernel's type information (bpf)"),
        };
        let btf = match sys::open_btf(id) {
            Ok(btf) => btf,
            // Gone since.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).context("cannot open type information (bpf)"),
        };
        if sys::btf_name(btf.as_fd()).context("cannot read type information (bpf)")?.as_deref() == Some(MODULE) {
            return Ok(btf);
        }
    }
}

/// For each run but the last: `action = bpf_lunatik_xdp(context, run); if (action != XDP_PASS) return action`; for the
/// last, `return bpf_lunatik_xdp(context, run)`.
fn instructions(runs: &[u64], function: i32) -> Vec<Instruction> {
    let Some((last, others)) = runs.split_last() else { return Vec::new() };
    let ask = |run: &u64| {
        let [low, high] = Instruction::load(R2, *run);
        [low, high, Instruction::call(PLACE, function)]
    };
    if others.is_empty() {
        return [&ask(last)[..], &[Instruction::exit()]].concat();
    }
    // A call leaves R6 as it is, not R1.
    let mut all = vec![Instruction::copy(R6, R1)];
    for run in others {
        all.extend(ask(run));
        all.extend([Instruction::skip_if_equal(XDP_PASS, 1), Instruction::exit(), Instruction::copy(R1, R6)]);
    }
    all.extend(ask(last));
    all.push(Instruction::exit());
    all
}

fn refused(error: io::Error, log: &[u8]) -> anyhow::Error {
    let log = log.split(|byte| *byte == 0).next().unwrap_or_default();
    let words = String::from_utf8_lossy(log).trim().to_owned();
    anyhow!(error).context(format!("the kernel refuses the program: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_goes_from_script_to_script_as_long_as_it_passes() {
        let call = |run| {
            let [low, high] = Instruction::load(R2, run);
            [low, high, Instruction::call(PLACE, 9)]
        };
        assert_eq!(instructions(&[5], 9), [&call(5)[..], &[Instruction::exit()]].concat());
        let next = [Instruction::skip_if_equal(XDP_PASS, 1), Instruction::exit(), Instruction::copy(R1, R6)];
        let three =
            [&[Instruction::copy(R6, R1)], &call(5)[..], &next, &call(6), &next, &call(7), &[Instruction::exit()]];
        assert_eq!(instructions(&[5, 6, 7], 9), three.concat());
    }
}
