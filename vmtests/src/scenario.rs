// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What every scenario's `main` is.

use crate::lab::Lab;
use anyhow::{bail, Context, Result};
use qemu::{Boot, Builder};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How the router starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// Directly from the kernel: /data is memory, a reset ends the machine.
    Direct,
    /// From the disk image, through firmware and our loader; a reset starts it again.
    Disk,
}

/// Runs a scenario on the image whose directory is the program's only argument.
///
/// `test` gets the lab, powered off, and a function that notes a property as proved: a line
/// on standard output.  See [`observed`] for failures.
pub fn scenario(setup: Setup, test: impl FnOnce(&mut Lab, &dyn Fn(&str)) -> Result<()>) -> ExitCode {
    scenario_on(setup, |builder, _| builder, test)
}

/// As [`scenario`], on a machine that `describe` may change; it gets the image's directory, too.
pub fn scenario_on(
    setup: Setup,
    describe: impl FnOnce(Builder, &Path) -> Builder,
    test: impl FnOnce(&mut Lab, &dyn Fn(&str)) -> Result<()>,
) -> ExitCode {
    proof(|directory, proved| {
        let boot = match setup {
            Setup::Direct => Boot::direct(directory)?,
            Setup::Disk => Boot::disk(directory)?,
        };
        let mut lab = Lab::new(boot, |builder| describe(builder.reboots(setup == Setup::Disk), directory))?;
        observed(&mut lab, |lab| test(lab, proved))
    })
}

/// Runs a scenario that makes its machines itself.  `test` gets the image's directory and the function that
/// notes a property as proved.
pub fn proof(test: impl FnOnce(&Path, &dyn Fn(&str)) -> Result<()>) -> ExitCode {
    let name = std::env::args().next().and_then(|program| {
        let name = PathBuf::from(program).file_stem()?.to_string_lossy().into_owned();
        Some(name)
    });
    let name = name.unwrap_or_else(|| "scenario".into());
    let started = Instant::now();
    match run(&name, test) {
        Ok(()) => {
            eprintln!("{name}: {:.1} s", started.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, test: impl FnOnce(&Path, &dyn Fn(&str)) -> Result<()>) -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(directory), None) = (arguments.next(), arguments.next()) else {
        bail!("give the directory of an image (nix build .#router-image leaves it in ./result)");
    };
    test(Path::new(&directory), &|property| println!("{name}::{property}"))
}

/// Runs a test in a lab.  Nothing is proved if the kernel complained.  A failure shows the console and both
/// cables, and keeps the captures.
///
/// # Errors
/// Those of the test, and the complaints.
pub fn observed<T>(lab: &mut Lab, test: impl FnOnce(&mut Lab) -> Result<T>) -> Result<T> {
    let result = test(lab).and_then(|value| lab.no_complaints().map(|()| value));
    if result.is_err() {
        eprintln!("{}", lab.report());
        if let Some(kept) = std::env::var_os("LUNAGATE_KEEP") {
            keep(lab, &PathBuf::from(kept)).context("failed to keep the captures (LUNAGATE_KEEP)")?;
        } else {
            eprintln!("LUNAGATE_KEEP=directory keeps the captures (wan.pcap, lan.pcap) and the console's log there.");
        }
    }
    result
}

fn keep(lab: &Lab, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for file in ["wan.pcap", "lan.pcap", "console.log", "qemu.log"] {
        std::fs::copy(lab.machine.directory().join(file), to.join(file))?;
    }
    Ok(())
}
