// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The description of a machine.

use crate::boot;
use crate::channel::Inherited;
use crate::machine::Machine;
use crate::network::{Network, Port};
use crate::process::{self, Process};
use crate::{Accelerator, Boot, Console, Control, Exec, Platform};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

/// What to call when a machine has something new to say.
pub(crate) type Bell = Arc<dyn Fn() + Send + Sync>;

/// The description of a machine: 256 MiB, two processors, no network, until told otherwise.
#[derive(Clone)]
pub struct Builder {
    boot: Boot,
    memory: u32,
    cpus: u32,
    networks: Vec<Network>,
    share: Option<PathBuf>,
    reboots: bool,
    accelerator: Option<Accelerator>,
    in_turns: bool,
    counted: bool,
    by_u_boot: bool,
    watchdog: bool,
    stick: Option<PathBuf>,
    bell: Bell,
}

impl Builder {
    /// A machine that boots this.
    pub fn new(boot: Boot) -> Self {
        Builder {
            boot,
            memory: 256,
            cpus: 2,
            networks: Vec::new(),
            share: None,
            reboots: false,
            accelerator: None,
            in_turns: false,
            counted: false,
            by_u_boot: false,
            watchdog: false,
            stick: None,
            bell: Arc::new(|| {}),
        }
    }

    /// Its memory in MiB.
    pub fn memory(self, memory: u32) -> Self {
        Self { memory, ..self }
    }

    /// How many processors it has.
    pub fn cpus(self, cpus: u32) -> Self {
        Self { cpus, ..self }
    }

    /// One more network port: the first is the router's WAN, the second its LAN.
    pub fn network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// Shares a directory of the host, read-only, under the tag `share`; in the guest:
    /// `modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,ro share /mnt`.
    pub fn share(self, directory: impl Into<PathBuf>) -> Self {
        Self { share: Some(directory.into()), ..self }
    }

    /// Whether a reset starts it again; otherwise it ends, which tells a test of a panic.
    pub fn reboots(self, reboots: bool) -> Self {
        Self { reboots, ..self }
    }

    /// Who executes it, instead of [`Accelerator::detect`]'s answer.
    pub fn accelerator(self, accelerator: Accelerator) -> Self {
        Self { accelerator: Some(accelerator), ..self }
    }

    /// Its processors take turns where QEMU executes them.
    ///
    /// For guests that change code while another processor runs it: attaching XDP programs under
    /// packets, switching static keys. QEMU lets that processor meet Linux's temporary breakpoint
    /// now and then when Linux has done with it, and Linux panics (`Oops: int3`).
    pub fn in_turns(self) -> Self {
        Self { in_turns: true, ..self }
    }

    /// QEMU executes it, and its clock advances by two nanoseconds per instruction, so that the same work takes the same time
    /// whatever the host is busy with. While it waits, it waits as long as the host does.
    pub fn counted(self) -> Self {
        Self { counted: true, in_turns: true, accelerator: Some(Accelerator::Tcg), ..self }
    }

    /// The firmware by which it boots a disk is U-Boot, which there is for aarch64 only, instead of EDK2.
    pub fn by_u_boot(self) -> Self {
        Self { by_u_boot: true, ..self }
    }

    /// The chipset's watchdog resets it, which PCs have and their makers mostly leave on. QEMU leaves it off.
    pub fn watchdog(self) -> Self {
        Self { watchdog: true, ..self }
    }

    /// A USB stick with these contents is in a port. What the guest writes to it is forgotten when the machine ends.
    pub fn stick(self, image: impl Into<PathBuf>) -> Self {
        Self { stick: Some(image.into()), ..self }
    }

    /// What to call, from some thread, when the console, a command or the end has news.
    pub fn bell(self, bell: impl Fn() + Send + Sync + 'static) -> Self {
        Self { bell: Arc::new(bell), ..self }
    }

    /// Starts it, stopped before its first instruction: [`Control::resume`] lets it run.
    ///
    /// # Errors
    /// When QEMU is missing, or dislikes something; with what it said.
    pub fn start(self) -> Result<Machine> {
        let scratch = tempfile::Builder::new().prefix("lunagate-vm.").tempdir();
        let scratch = scratch.context("failed to make a temporary directory")?;
        let mut channels = Inherited::default();
        let (control, control_end) = channels.stream()?;
        let (console, console_end) = channels.stream()?;
        let (exec, exec_end) = channels.stream()?;
        let mut ports = Vec::new();
        let platform = self.boot.platform()?;
        let mut command = process::command(platform);
        command
            .args(self.arguments(platform, scratch.path(), &mut channels, &mut ports)?)
            .args(["-S", "-display", "none"])
            .args(["-chardev", &format!("socket,id=control,fd={control_end}"), "-mon", "chardev=control,mode=control"])
            .args(["-chardev", &format!("socket,id=console,fd={console_end}"), "-serial", "chardev:console"])
            .args(["-chardev", &format!("socket,id=exec,fd={exec_end}"), "-device", "virtio-serial-pci"])
            .args(["-device", &format!("virtserialport,chardev=exec,name={}", agent::PORT)]);
        let complaints = scratch.path().join("qemu.log");
        let log = File::create(&complaints).with_context(|| format!("failed to create {}", complaints.display()))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let process = Process::start(command, platform, &channels)?;
        // QEMU holds its ends now; with ours closed, its end is the end of every channel.
        drop(channels);
        let control = Control::connect(control)
            .with_context(|| format!("QEMU said: {}", fs::read_to_string(&complaints).unwrap_or_default().trim()))?;
        let log = File::create(scratch.path().join("console.log")).context("failed to create console.log")?;
        let (bell, exec_bell) = (self.bell.clone(), self.bell);
        let keyboard = console.try_clone().context("failed to duplicate the console")?;
        Ok(Machine {
            keyboard,
            console: Console::read(console, log, move || bell()),
            exec: Exec::new(exec, move || exec_bell())?,
            control,
            ports,
            process,
            scratch,
        })
    }

    /// Runs it on this terminal until it is powered off: its serial console is standard
    /// input and output; Ctrl-A X ends it, Ctrl-A C leads to QEMU's monitor.
    ///
    /// # Errors
    /// When QEMU is missing.
    pub fn interactive(self) -> Result<ExitStatus> {
        let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
        let mut channels = Inherited::default();
        let mut ports = Vec::new();
        let platform = self.boot.platform()?;
        let mut command = process::command(platform);
        command.args(self.arguments(platform, scratch.path(), &mut channels, &mut ports)?);
        command.args(["-display", "none", "-serial", "mon:stdio"]);
        Process::start(command, platform, &channels)?.wait()
    }

    /// The arguments that every machine has.
    fn arguments(
        &self,
        platform: Platform,
        scratch: &Path,
        channels: &mut Inherited,
        ports: &mut Vec<Port>,
    ) -> Result<Vec<OsString>> {
        let mut arguments: Vec<OsString> = ["-nodefaults", "-machine", platform.machine()].map(Into::into).into();
        let accelerator = self.accelerator.unwrap_or_else(|| Accelerator::detect(&self.boot.traceless()));
        arguments.extend(accelerator.arguments(platform, self.in_turns).map(Into::into));
        if self.counted {
            arguments.extend(["-icount", "shift=1"].map(Into::into));
        }
        let mut add = |option: &str, value: String| arguments.extend([option.into(), value.into()]);
        add("-m", self.memory.to_string());
        add("-smp", self.cpus.to_string());
        add("-device", "virtio-rng-pci".into());
        for (number, network) in self.networks.iter().enumerate() {
            let descriptor = if let Network::Frames = network {
                let (ours, theirs) = channels.datagrams()?;
                ports.push(Port::new(ours).context("failed to make a network port")?);
                theirs
            } else {
                -1
            };
            add("-netdev", network.netdev(number, descriptor));
            // An empty romfile: no network boot.
            add("-device", format!("virtio-net-pci,netdev=net{number},mac=52:54:00:00:00:{number:02x},romfile="));
        }
        if let Some(directory) = &self.share {
            let name = directory.to_str().with_context(|| format!("{}: not UTF-8", directory.display()))?;
            let name = name.replace(',', ",,");
            add("-virtfs", format!("local,path={name},mount_tag=share,security_model=none,readonly=on"));
        }
        if let Some(image) = &self.stick {
            add("-device", "qemu-xhci".into());
            add("-drive", boot::drive("if=none,id=stick,format=raw,snapshot=on", image)?);
            add("-device", "usb-storage,drive=stick,removable=on".into());
        }
        if self.watchdog {
            add("-global", "ICH9-LPC.noreboot=false".into());
        }
        if !self.reboots {
            arguments.push("-no-reboot".into());
        }
        arguments.extend(self.boot.arguments(scratch, self.by_u_boot)?);
        Ok(arguments)
    }
}
