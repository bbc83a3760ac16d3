// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `demo`: a router between the Internet and a client, and what it does, as a table.

mod rows;

use anyhow::{Context, Result};
use qemu::Boot;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use vmtests::Lab;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every row passed.
fn run() -> Result<bool> {
    let directory = std::env::args_os().nth(1).map(PathBuf::from);
    let directory = directory.context("give the directory of an image (nix build .#router-image leaves ./result)")?;
    let mut lab = Lab::new(Boot::direct(&directory)?, |builder| builder)?;
    println!("A router in a virtual machine, between an Internet and a client that are made of real frames.");
    let started = Instant::now();
    // The console has a shell's prompt too, so a line of ours may begin anywhere.
    let show = |line: &str| {
        if let Some(at) = line.find("lunagate: ") {
            println!("  {}", &line[at..]);
        }
    };
    println!("Booting ...");
    if let Err(error) = lab.boot_with(show) {
        eprintln!("{}", lab.report());
        return Err(error);
    }
    println!("  up after {:.1} s\n", started.elapsed().as_secs_f64());
    let (mut passed, mut failed) = (0, 0);
    for row in rows::ROWS {
        let started = Instant::now();
        let (verdict, detail) = match (row.test)(&mut lab) {
            Ok(detail) => ("passed", detail),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        *if verdict == "passed" { &mut passed } else { &mut failed } += 1;
        println!("{verdict}  {:<44} {:<46} {:5.1} s", row.what, detail, started.elapsed().as_secs_f64());
    }
    if failed > 0 {
        eprintln!("\n{}", lab.report());
    }
    println!("\n{passed} passed, {failed} failed");
    Ok(failed == 0)
}
