// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Another machine's `lunagate`, over SSH.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use anyhow::{ensure, Context, Result};

/// SSH's program, unless `LUNAGATE_SSH` names another.
const SSH: &str = "ssh";

/// Has a router run `lunagate` with these words, and say here what it says.
///
/// # Errors
///
/// It cannot be reached, or does not do it.
pub fn ask(router: &str, words: &[&str], input: Stdio) -> Result<()> {
    let status = ssh(router, words)?.stdin(input).status().context("failed to run ssh")?;
    ensure!(status.success(), "{router} did not do it ({status})");
    Ok(())
}

/// The program that does that.
///
/// # Errors
///
/// That is no router's name.
pub fn ssh(router: &str, words: &[&str]) -> Result<Command> {
    ensure!(!router.starts_with('-'), "'{router}' is no host");
    let user = if router.contains('@') { "" } else { "root@" };
    let mut ssh = Command::new(std::env::var_os("LUNAGATE_SSH").unwrap_or_else(|| OsString::from(SSH)));
    ssh.arg(format!("{user}{router}")).arg("lunagate").args(words.iter().map(|word| quoted(word)));
    Ok(ssh)
}

/// A word as the shell there reads it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=./:@+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        for word in ["plain=1", "two words", "it's", "$(reboot)", "[a, \"b\"]", ""] {
            let output = Command::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]).output().expect("sh");
            assert_eq!(String::from_utf8_lossy(&output.stdout), word);
        }
    }
}
