// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Another machine's `lunagate`, over SSH.

use std::ffi::OsString;
use std::fs::File;
use std::io::Seek;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use files::Progress;

/// SSH's program, unless `LUNAGATE_SSH` names another.
const SSH: &str = "ssh";
/// How often it is looked how far it is.
const PAUSE: Duration = Duration::from_millis(100);

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

/// As [`ask`], of a router that reads this file, which may be long.
///
/// # Errors
///
/// As [`ask`].
pub fn send(router: &str, words: &[&str], file: File) -> Result<()> {
    let status = send_by(&mut ssh(router, words)?, file)?;
    ensure!(status.success(), "{router} did not do it ({status})");
    Ok(())
}

/// Runs SSH, whose standard input is this file, and shows how far it has read it.
///
/// # Errors
///
/// It does not run, or the file is none that has an end.
pub fn send_by(ssh: &mut Command, file: File) -> Result<ExitStatus> {
    // It reads on where it has read to, and so do its readers: they have one place in it.
    let mut place = file.try_clone().context("failed to open a file twice")?;
    let size = file.metadata().context("failed to look at a file")?.len();
    let progress = Progress::bytes("sending", size);
    let mut child = ssh.stdin(file).spawn().context("failed to run ssh")?;
    while progress.is_seen() {
        if let Some(status) = child.try_wait().context("failed to wait for ssh")? {
            return Ok(status);
        }
        match place.stream_position() {
            // Before it has begun it may ask for a password, and the router has words when it has it all.
            Ok(done) if (1..size).contains(&done) => progress.set(done),
            _ => progress.end(),
        }
        thread::sleep(PAUSE);
    }
    child.wait().context("failed to wait for ssh")
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
    use std::io::Write;

    #[test]
    fn a_file_is_sent_from_where_it_is_read() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"of before\nsent\n").expect("written");
        file.seek(std::io::SeekFrom::Start(10)).expect("a place");
        let status = send_by(Command::new("grep").arg("-qx").arg("sent"), file.try_clone().expect("a file"));
        assert!(status.expect("run").success());
        assert_eq!(file.stream_position().expect("a place"), 15);
        assert!(!send_by(Command::new("grep").arg("-q").arg("x"), file).expect("run").success());
    }

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        for word in ["plain=1", "two words", "it's", "$(reboot)", "[a, \"b\"]", ""] {
            let output = Command::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]).output().expect("sh");
            assert_eq!(String::from_utf8_lossy(&output.stdout), word);
        }
    }
}
