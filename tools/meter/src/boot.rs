// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The guest: a QEMU that executes one instruction per nanosecond of the guest's clock, and
//! the same ones every time.

use crate::archive;
use crate::cell::SYMBOLS;
use anyhow::{bail, Context, Result};
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const QEMU: &str = "qemu-system-x86_64";

/// What makes two runs equal, and figures of different days comparable. The processor is an
/// Atom C3000 as small routers have it, without what QEMU does not know; it copies memory in
/// words, where the newest ones have one instruction that QEMU counts once per byte.
pub const MACHINE: &str = "-machine q35 -accel tcg \
    -cpu Denverton-v1,-tsc-deadline,-spec-ctrl,-arch-capabilities,-ssbd,-xsavec -smp 1 \
    -m 2048 -icount shift=0,sleep=off -seed 42 -rtc clock=vm,base=2026-01-01T00:00:00 -nodefaults -display none -no-reboot";
/// The kernel's command line; without `nokaslr` its addresses come from a dice.
pub const COMMAND_LINE: &str = "console=ttyS0 nokaslr panic=-1 oops=panic loglevel=4";

/// How often we look whether QEMU has ended.
const LOOK: Duration = Duration::from_millis(50);
/// Of the console, in errors.
const TAIL: usize = 25;

/// A guest to be.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The kernel (bzImage).
    pub kernel: PathBuf,
    /// Archives that make its root file system; `/init` runs the meter.
    pub archives: Vec<PathBuf>,
    /// Where the profiler is, if a profile is to be taken; it goes to the file `profile`.
    pub profiler: Option<PathBuf>,
    /// How long it may take.
    pub limit: Duration,
}

impl Guest {
    /// Boots it in `scratch`, where console and results stay, and returns the results: what
    /// measured, a line each, then the meter's lines.
    ///
    /// # Errors
    ///
    /// QEMU is missing, or a file; the guest panics, or takes too long, or a cell fails. The
    /// cell is named, and the console's last lines are part of the message.
    pub fn measure(&self, scratch: &Path) -> Result<String> {
        let version = version()?;
        let initrd = scratch.join("initrd");
        fs::write(&initrd, self.join_archives()?).with_context(|| format!("failed to write {}", initrd.display()))?;
        let [console, port] = ["console", "results"].map(|name| scratch.join(name));
        let mut command = Command::new(QEMU);
        let mut command_line = COMMAND_LINE.to_owned();
        if let Some(profiler) = &self.profiler {
            command.arg("-plugin").arg(plugin(profiler, &scratch.join("profile"))?);
            write!(command_line, " {SYMBOLS}=1")?;
        }
        command
            .args(MACHINE.split_whitespace())
            .args(["-append", &command_line])
            .args([OsString::from("-kernel"), self.kernel.clone().into(), "-initrd".into(), initrd.into()])
            .args(["-serial".into(), file(&console), "-serial".into(), file(&port)])
            .stdin(Stdio::null());
        let mut qemu = Qemu(command.spawn().with_context(|| format!("failed to start {QEMU}"))?);
        let ended = qemu.wait(self.limit)?;

        let said = String::from_utf8_lossy(&fs::read(&console).unwrap_or_default()).replace('\r', "");
        let results = String::from_utf8_lossy(&fs::read(&port).unwrap_or_default()).replace('\r', "");
        judge(ended, self.limit, &said, &results)?;
        Ok(format!("qemu {version}\nmachine {}\n{results}", words(MACHINE)))
    }

    fn join_archives(&self) -> Result<Vec<u8>> {
        fs::metadata(&self.kernel).with_context(|| format!("no kernel at {}", self.kernel.display()))?;
        let (mut all, mut inode) = (Vec::new(), 1);
        for archive in &self.archives {
            let mut bytes = fs::read(archive).with_context(|| format!("failed to read {}", archive.display()))?;
            inode = archive::normalize(&mut bytes, inode).with_context(|| archive.display().to_string())?;
            all.extend(bytes);
            // An archive begins at a multiple of four bytes.
            all.resize(all.len().next_multiple_of(4), 0);
        }
        Ok(all)
    }
}

fn file(path: &Path) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}

/// The argument for a plugin, in which a comma is doubled.
fn plugin(profiler: &Path, out: &Path) -> Result<String> {
    let [profiler, out] = [profiler, out].map(|path| path.to_str().map(|name| name.replace(',', ",,")));
    let (Some(profiler), Some(out)) = (profiler, out) else { bail!("names of files that are not UTF-8") };
    Ok(format!("file={profiler},out={out}"))
}

/// With single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What QEMU calls itself: figures of different versions do not compare.
fn version() -> Result<String> {
    let output = match Command::new(QEMU).arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("no {QEMU}: run this in the locked one (LUNAGATE_SET=qemu nix/bin/shell)")
        }
        output => output.with_context(|| format!("failed to start {QEMU}"))?,
    };
    let words = String::from_utf8_lossy(&output.stdout);
    let line = words.lines().next().unwrap_or_default();
    line.strip_prefix("QEMU emulator version ")
        .map(str::to_owned)
        .with_context(|| format!("{QEMU} --version says '{line}', no version"))
}

/// A running QEMU, killed when this is dropped.
struct Qemu(Child);

impl Qemu {
    /// Whether it ended by itself within the limit.
    fn wait(&mut self, limit: Duration) -> Result<bool> {
        let start = Instant::now();
        while start.elapsed() < limit {
            if self.0.try_wait().context("failed to wait for QEMU")?.is_some() {
                return Ok(true);
            }
            thread::sleep(LOOK);
        }
        Ok(false)
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // It fails when QEMU has ended by itself, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether the guest did all that it was to do.
fn judge(ended: bool, limit: Duration, console: &str, results: &str) -> Result<()> {
    let last = results.lines().last().unwrap_or_default();
    if ended && last == "end" {
        return Ok(());
    }
    let cell = results.lines().rev().find_map(|line| line.strip_prefix("cell "));
    let mut message = match cell {
        Some(cell) => format!("cell '{cell}': "),
        None => "before the first cell: ".to_owned(),
    };
    if let Some(reason) = last.strip_prefix("failed ") {
        message += reason;
    } else if let Some(panic) = console.lines().find(|line| line.contains("Kernel panic")) {
        write!(message, "the guest died: {}", panic.trim())?;
    } else if !ended {
        write!(message, "the guest did not finish within {} s", limit.as_secs())?;
    } else {
        message += "the guest ended too early";
    }
    let lines: Vec<_> = console.lines().collect();
    message += "\nthe last lines of its console:";
    for line in &lines[lines.len().saturating_sub(TAIL)..] {
        write!(message, "\n  {line}")?;
    }
    bail!(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    fn complaint(ended: bool, console: &str, results: &str) -> String {
        format!("{:#}", judge(ended, LIMIT, console, results).expect_err("a failure"))
    }

    #[test]
    fn only_a_guest_that_measured_everything_is_believed() {
        judge(true, LIMIT, "", "cell none accept\nload 1\nend\n").expect("all there");
        assert!(
            complaint(true, "", "cell none accept\nload 1\n").contains("cell 'none accept': the guest ended too early")
        );
        assert!(complaint(true, "", "").starts_with("before the first cell: the guest ended too early"));
        assert!(complaint(false, "", "cell nft-set dns-1\n")
            .contains("'nft-set dns-1': the guest did not finish within 60 s"));
        assert!(complaint(true, "", "cell none accept\nfailed no such file\n").contains("'none accept': no such file"));
    }

    #[test]
    fn a_panic_is_named_and_the_console_shown() {
        let console: String = (0..100).map(|n| format!("line {n}\n")).collect::<String>()
            + "[ 1.0] Kernel panic - not syncing: Fatal exception\n";
        let complaint = complaint(true, &console, "cell nflua accept\n");
        assert!(
            complaint.contains("cell 'nflua accept': the guest died: [ 1.0] Kernel panic - not syncing"),
            "{complaint}"
        );
        assert!(complaint.contains("  line 99\n") && !complaint.contains("line 50\n"), "{complaint}");
    }

    #[test]
    fn missing_files_are_named() {
        let guest = Guest {
            kernel: "/nonexistent/bzImage".into(),
            archives: vec!["/nonexistent/archive".into()],
            profiler: None,
            limit: LIMIT,
        };
        assert!(format!("{:#}", guest.join_archives().expect_err("no kernel")).contains("/nonexistent/bzImage"));
        let guest = Guest { kernel: "/dev/null".into(), ..guest };
        assert!(format!("{:#}", guest.join_archives().expect_err("no archive")).contains("/nonexistent/archive"));
    }
}
