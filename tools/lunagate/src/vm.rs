// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate vm`.

use anyhow::{Context, Result};
use clap::Args;
use qemu::{Boot, Builder, Machine, Network, Output};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

/// What the router says on its console when it is up.
const READY: &str = "lunagate: ready";
/// A guest that takes longer is broken; the slowest machine boots in a fraction of it.
const BOOT_LIMIT: Duration = Duration::from_secs(300);
/// The router's address on its LAN.
const ROUTER: &str = "192.168.1.1";

/// Mounts the shared directory on /mnt, and puts its scripts beside the router's own.
const SHARE: &str = r#"modprobe -a 9p 9pnet_virtio &&
mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt &&
cp -r /lib/modules/lua /run/lua &&
(cd /mnt && find . -name '*.lua') | while read -r file; do
  mkdir -p "/run/lua/${file%/*}" && cp "/mnt/$file" "/run/lua/$file" || exit
done &&
mount --bind /run/lua /lib/modules/lua"#;

/// The options of `lunagate vm`.
#[derive(Args)]
pub struct Vm {
    /// What to boot: a disk image (through EFI firmware), or the folder that
    /// 'make image' makes (kernel and root, without the disk: faster).
    #[arg(long, value_name = "FILE", default_value = "build/router-image")]
    image: PathBuf,
    /// Memory in MiB.
    #[arg(long, value_name = "M", default_value_t = 256, value_parser = clap::value_parser!(u32).range(64..))]
    memory: u32,
    /// Processors.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    cpus: u32,
    /// Show this folder in the guest, read-only, at /mnt. Its Lua files are also found by
    /// 'lunatik run' and 'require', under their paths in it. Needs --exec.
    #[arg(long, value_name = "DIR", requires = "exec")]
    share: Option<PathBuf>,
    /// Run this in the router's shell once it is up; its output and exit status are this
    /// program's.
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Seconds that the command may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Lead a TCP port of this host's loopback to a port of the router, as 2222:22.
    #[arg(long, value_name = "HOST:ROUTER")]
    forward: Vec<Forward>,
}

/// A forwarded port.
#[derive(Clone, Copy)]
struct Forward {
    host: u16,
    router: u16,
}

impl FromStr for Forward {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ports = text.split_once(':').and_then(|(host, router)| Some((host.parse().ok()?, router.parse().ok()?)));
        match ports {
            Some((host, router)) => Ok(Forward { host, router }),
            None => Err("give two port numbers, as 2222:22".into()),
        }
    }
}

impl Vm {
    /// Boots it.
    pub fn run(self) -> Result<ExitCode> {
        match &self.exec {
            None => self.interactive(),
            Some(command) => {
                let output = self.command(command)?;
                print!("{}", output.stdout);
                eprint!("{}", output.stderr);
                // Statuses are bytes; what is none is a failure all the same.
                Ok(ExitCode::from(u8::try_from(output.status).unwrap_or(1)))
            }
        }
    }

    fn builder(&self) -> Result<Builder> {
        let boot = if self.image.is_dir() {
            Boot::direct(&self.image)?
        } else {
            let missing = || format!("failed to find {}: build it by 'make image'", self.image.display());
            Boot::Disk { image: self.image.canonicalize().with_context(missing)? }
        };
        let forwards = self.forward.iter().map(|port| (port.host, ROUTER.to_owned(), port.router)).collect();
        Ok(Builder::new(boot)
            .memory(self.memory)
            .cpus(self.cpus)
            .network(Network::User { net: None, forwards: Vec::new() })
            .network(Network::User { net: Some("192.168.1.0/24".into()), forwards }))
    }

    fn interactive(&self) -> Result<ExitCode> {
        for Forward { host, router } in &self.forward {
            eprintln!("port {host} of this host leads to port {router} of the router");
        }
        eprintln!("Ctrl-A X ends the machine, Ctrl-A C leads to QEMU's monitor.");
        let status = self.builder()?.reboots(true).interactive()?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn command(&self, command: &str) -> Result<Output> {
        let mut builder = self.builder()?;
        if let Some(directory) = &self.share {
            let directory = directory.canonicalize();
            builder = builder.share(directory.with_context(|| format!("failed to find {:?}", self.share))?);
        }
        let mut machine = builder.start()?;
        machine.control.resume()?;
        machine.console.wait_for(READY, 0, BOOT_LIMIT)?;
        self.inside(&mut machine, command)
            .with_context(|| format!("the router's last words:\n{}", machine.console.tail(20)))
    }

    fn inside(&self, machine: &mut Machine, command: &str) -> Result<Output> {
        let limit = Duration::from_secs(self.timeout);
        if self.share.is_some() {
            let mounted = machine.exec.run(SHARE, BOOT_LIMIT)?;
            mounted.success().context("failed to show the folder in the guest")?;
        }
        machine.exec.run(command, limit)
    }
}
