// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Connects to itself through scripts, and holds what arrives against what should: for the kernel-side tests.
//!
//! ```text
//! ulp 127.0.0.1|::1
//! ```
//!
//! Each case says its name before it runs, so that the last one is the one that failed.

mod cases;
mod http;
mod limits;
mod pair;
mod races;
mod rights;
mod socket;
mod task;
mod ways;

use std::process::ExitCode;

/// What a case shows, or what was otherwise.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A case by its name; it gets the address to connect to.
pub type Case = (&'static str, fn(&str) -> Outcome);

/// Holds what there is against what there should be.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: T, should: T) -> Outcome {
    if is == should {
        return Ok(());
    }
    Err(format!("{what}: expected {should:?}, got {is:?}").into())
}

fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_default();
    let all = [cases::ALL, limits::ALL, ways::ALL, http::ALL, races::ALL, rights::ALL];
    for (name, case) in all.into_iter().flatten() {
        println!("ulp {address}: {name}");
        if let Err(error) = case(&address) {
            eprintln!("ulp {address}: {name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
