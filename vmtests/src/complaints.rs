// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What no console may say.

use anyhow::{ensure, Result};

/// The words, one a line, by which the kernel and lunatik say that something is wrong with them;
/// nix/kernel-test.sh looks for the same.
const WORDS: &str = include_str!("complaints.txt");

/// Fails with the lines that have one of the words.
pub(crate) fn check(lines: &[String]) -> Result<()> {
    let complaints = of(lines);
    ensure!(complaints.is_empty(), "the kernel complains:\n{}", complaints.join("\n"));
    Ok(())
}

fn of(lines: &[String]) -> Vec<&str> {
    let complains = |line: &&str| WORDS.lines().any(|words| line.contains(words));
    lines.iter().map(String::as_str).filter(complains).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_kernel_that_complains_is_heard() {
        let console = [
            "[    0.000000] Linux version 6.12.0-lunagate",
            "[    1.000000] kmemleak: Kernel memory leak detector initialized (mem pool available: 38000)",
            "[    9.000000] BUG: KASAN: slab-use-after-free in lua_newstate",
            "lunagate: ready",
        ];
        assert_eq!(super::of(&console.map(String::from)), [console[2]]);
    }
}
