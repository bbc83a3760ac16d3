// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate update`.

use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use serde::Deserialize;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// SSH's program, unless `LUNAGATE_SSH` names another.
const SSH: &str = "ssh";
/// How long to wait before the router is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// Another one after each boot.
const BOOT: &str = "cat /proc/sys/kernel/random/boot_id";

/// The options of `lunagate update`.
#[derive(Args)]
pub struct Update {
    /// Where SSH finds the router, as 192.168.1.1 or root@192.168.1.1.
    router: String,
    /// The bundle, as the image build writes it.
    bundle: PathBuf,
    /// Seconds that the router may take from its restart to its judgement.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timeout: u64,
}

/// What `lunagate update status --json` says on the router.
#[derive(Deserialize)]
struct Status {
    running: String,
    next: Option<String>,
    slots: Vec<Slot>,
}

#[derive(Deserialize)]
struct Slot {
    slot: String,
    version: Option<String>,
    state: String,
    #[serde(default)]
    reasons: Vec<String>,
}

impl Update {
    /// Does it.
    pub fn run(&self) -> Result<()> {
        let bundle = File::open(&self.bundle);
        let bundle = bundle.with_context(|| format!("failed to open {}", self.bundle.display()))?;
        let boot = self.output(BOOT)?;
        let installed = config::remote::send_by(&mut self.ssh("lunagate update install -"), bundle)?;
        ensure!(installed.success(), "the router has not installed it ({installed})");
        let (_, status) = self.look()?;
        let slot = status.next.context("no slot of the router boots next")?;
        // The connection may end before the command does.
        let _ = self.ssh("reboot").stdin(Stdio::null()).stderr(Stdio::null()).status();
        eprintln!("the router restarts with slot {slot}, and judges it");
        self.judgement(&boot, &slot)
    }

    /// Waits until the router is back and has made up its mind.
    fn judgement(&self, boot: &str, slot: &str) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(self.timeout);
        loop {
            thread::sleep(PAUSE);
            let late = Instant::now() > deadline;
            match self.look() {
                Ok((now, status)) if now != boot => {
                    let Some(found) = status.slots.iter().find(|found| found.slot == slot) else {
                        bail!("the router knows no slot {slot} any more");
                    };
                    let version = found.version.as_deref().unwrap_or("-");
                    match found.state.as_str() {
                        "confirmed" if status.running == slot => {
                            println!("version {version} runs in slot {slot}, and has proved itself");
                            return Ok(());
                        }
                        "fell_back" => {
                            let reason = found.reasons.last().map_or("it could not say why", String::as_str);
                            bail!("version {version} did not prove itself, slot {} runs: {reason}", status.running);
                        }
                        _ if late => bail!("version {version} is {} after {} s", found.state, self.timeout),
                        _ => (),
                    }
                }
                Ok(_) if late => bail!("the router has not restarted within {} s", self.timeout),
                Err(error) if late => {
                    return Err(error.context(format!("the router has not come back within {} s", self.timeout)));
                }
                Ok(_) | Err(_) => (),
            }
        }
    }

    /// Which boot it is, and what is in the slots.
    fn look(&self) -> Result<(String, Status)> {
        let said = self.output(&format!("{BOOT} && lunagate update status --json"))?;
        let (boot, status) = said.split_once('\n').context("the router said too little")?;
        let status = serde_json::from_str(status).with_context(|| format!("failed to understand '{status}'"))?;
        Ok((format!("{boot}\n"), status))
    }

    /// What a command on the router says.
    fn output(&self, command: &str) -> Result<String> {
        let output = self.ssh(command).stdin(Stdio::null()).output().context("failed to run ssh")?;
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        ensure!(output.status.success(), "failed to run '{command}' on {}: {words}", self.router);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn ssh(&self, command: &str) -> Command {
        let program = std::env::var_os("LUNAGATE_SSH").unwrap_or_else(|| OsString::from(SSH));
        let user = if self.router.contains('@') { "" } else { "root@" };
        let mut ssh = Command::new(program);
        ssh.args([
            "-o",
            "ConnectTimeout=5",
            "-o",
            "ServerAliveInterval=15",
            &format!("{user}{}", self.router),
            command,
        ]);
        ssh
    }
}
