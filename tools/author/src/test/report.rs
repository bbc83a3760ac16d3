// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a person sees of tests.

use std::process::ExitCode;

use super::{Case, Results};

/// One line for each case, and more for one that failed.
pub(super) fn print(results: &Results) {
    println!("{}", results.file);
    for case in &results.cases {
        println!("  {}", line(case));
        if let Some(failure) = &case.failure {
            for line in failure.lines() {
                println!("        {line}");
            }
        }
    }
}

fn line(case: &Case) -> String {
    let word = if case.failure.is_some() { "FAIL" } else { "ok  " };
    let time = format!("{:.1} ms", case.time.as_secs_f64() * 1000.0);
    let tally = &case.tally;
    if tally.packets == 0 {
        return format!("{word}  {:<72} {time:>10}", case.name);
    }
    format!(
        "{word}  {:<72} {time:>10}  {:>6} packets  {:>6} fuel  {:>5} KiB",
        case.name,
        tally.packets,
        tally.fuel,
        tally.memory.div_ceil(1024)
    )
}

/// The last line, and the status.
pub(super) fn summary(all: &[Results]) -> ExitCode {
    let cases: Vec<_> = all.iter().flat_map(|results| &results.cases).collect();
    let failed = cases.iter().filter(|case| case.failure.is_some()).count();
    println!("{} passed, {failed} failed", cases.len() - failed);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
