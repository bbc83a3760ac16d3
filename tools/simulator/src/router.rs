// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router with one policy.

use std::fmt;
use std::rc::Rc;

use lunatik_core::{Budget, Context, Fail, Failure, Runtime, LOAD_FUEL, STACK};
use policy::Manifest;

use crate::xdp::{self, Xdp};
use crate::{hooks, FileSystem, Hook, Packet, Tracker, LAN};

/// Hooks of this priority and earlier do not know a packet's flow.
const CONNTRACK: i32 = -200;
const BRIDGE: u8 = 7;

/// The way of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// From one network to another: PRE_ROUTING, FORWARD, POST_ROUTING.
    Forward,
    /// To the router itself: PRE_ROUTING, LOCAL_IN.
    Input,
    /// From the router itself: LOCAL_OUT, POST_ROUTING.
    Output,
    /// From one port of a bridge to another: PRE_ROUTING, FORWARD, POST_ROUTING of the family BRIDGE.
    Bridge,
    /// Past XDP alone, which is the beginning of the way of every packet that comes in.
    Xdp,
}

impl Path {
    const NAMES: [(&'static str, Path); 5] = [
        ("forward", Path::Forward),
        ("input", Path::Input),
        ("output", Path::Output),
        ("bridge", Path::Bridge),
        ("xdp", Path::Xdp),
    ];

    /// The path with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Path> {
        Path::NAMES.iter().find(|(known, _)| *known == name).map(|(_, path)| *path)
    }

    fn points(self) -> &'static [u8] {
        match self {
            Path::Forward | Path::Bridge => &[0, 2, 4],
            Path::Input => &[0, 1],
            Path::Output => &[3, 4],
            Path::Xdp => &[],
        }
    }

    /// The path that a hook is on.
    #[must_use]
    pub fn of(hook: &Hook) -> Path {
        match (hook.family, hook.point) {
            (BRIDGE, _) => Path::Bridge,
            (_, 1) => Path::Input,
            (_, 3) => Path::Output,
            _ => Path::Forward,
        }
    }
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes on.
    Accept,
    /// It goes no further.
    Drop,
    /// It waits for a program.
    Queue,
    /// XDP sends it back by the interface that it came by.
    Transmit,
    /// XDP sends it out of another interface.
    Redirect,
    /// XDP drops it, as an error.
    Aborted,
}

impl Verdict {
    const ALL: [Verdict; 6] =
        [Verdict::Accept, Verdict::Drop, Verdict::Queue, Verdict::Transmit, Verdict::Redirect, Verdict::Aborted];

    /// The verdict of a number (`NF_*`).
    fn of(number: u32) -> Verdict {
        let known = [Verdict::Drop, Verdict::Queue].into_iter().find(|verdict| Some(number as u8) == verdict.number());
        known.unwrap_or(Verdict::Accept)
    }

    /// Its number (`XDP_*`); a queue has none.
    #[must_use]
    pub fn action(self) -> Option<u8> {
        match self {
            Verdict::Aborted => Some(0),
            Verdict::Drop => Some(1),
            Verdict::Accept => Some(2),
            Verdict::Transmit => Some(3),
            Verdict::Redirect => Some(4),
            Verdict::Queue => None,
        }
    }

    /// Its number (`NF_*`); XDP's alone have none.
    #[must_use]
    pub fn number(self) -> Option<u8> {
        match self {
            Verdict::Drop => Some(0),
            Verdict::Accept => Some(1),
            Verdict::Queue => Some(3),
            Verdict::Transmit | Verdict::Redirect | Verdict::Aborted => None,
        }
    }

    /// The verdict with this name; `pass` is what XDP calls `accept`.
    #[must_use]
    pub fn named(name: &str) -> Option<Verdict> {
        Verdict::ALL
            .into_iter()
            .find(|verdict| verdict.to_string() == name || (name, *verdict) == ("pass", Verdict::Accept))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Accept => "accept",
            Verdict::Drop => "drop",
            Verdict::Queue => "queue",
            Verdict::Transmit => "tx",
            Verdict::Redirect => "redirect",
            Verdict::Aborted => "aborted",
        })
    }
}

/// A call of the policy.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Which of its hooks, from 0, in the order in which they were registered; XDP comes after them.
    pub hook: usize,
    /// Units of fuel that it spent.
    pub fuel: i64,
    /// Instructions of the virtual machine, in a router that is watched; else none.
    pub instructions: u64,
    /// The most bytes that the state held meanwhile.
    pub memory: usize,
}

/// What became of a packet.
#[derive(Clone, Debug)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// What the policy decided for the flow of the packet, at the hook whose verdict this is or at its last.
    pub decided: Option<Verdict>,
    /// The calls that it took; none if all was decided before.
    pub calls: Vec<Call>,
    /// Calls that failed; the packet got the fail verdict there.
    pub failures: Vec<Failure>,
    /// What the policy printed.
    pub log: Vec<String>,
}

/// A router that runs a policy, and its flows.
pub struct Router {
    // In this order they go.
    hooks: Vec<Hook>,
    xdp: Option<Xdp>,
    runtime: Box<Runtime>,
    tracker: Tracker,
    log: Vec<String>,
}

impl Router {
    /// Boots with a policy, which the file system has.
    ///
    /// # Errors
    ///
    /// The policy does not load: the message, with its traceback.
    pub fn new(manifest: &Manifest, files: Rc<FileSystem>) -> Result<Router, String> {
        Router::with(manifest, files, false)
    }

    /// The same, and counts the lines that run: [`Router::runtime`] has them.
    ///
    /// # Errors
    ///
    /// As above.
    pub fn watched(manifest: &Manifest, files: Rc<FileSystem>) -> Result<Router, String> {
        Router::with(manifest, files, true)
    }

    fn with(manifest: &Manifest, files: Rc<FileSystem>, watch: bool) -> Result<Router, String> {
        load_modules();
        let memory = usize::try_from(manifest.budget.memory).unwrap_or(usize::MAX);
        let budget = Budget {
            fuel: manifest.budget.fuel,
            load_fuel: LOAD_FUEL,
            memory,
            stack: STACK,
            context: match manifest.context {
                policy::Context::Process => Context::Process,
                policy::Context::Softirq => Context::Softirq,
                policy::Context::Hardirq => Context::Hardirq,
            },
            fail: match manifest.fail {
                policy::Fail::Accept => Fail::Accept,
                policy::Fail::Drop => Fail::Drop,
            },
            capabilities: manifest.capabilities.clone(),
        };
        let runtime = Runtime::new(budget, files);
        let runtime = runtime.ok_or_else(|| format!("{memory} bytes of memory do not hold Lua's libraries"))?;
        if watch {
            runtime.machine().watch_lines();
        }
        hooks::take();
        let loaded = match manifest.context {
            policy::Context::Process => runtime.load(&manifest.script()),
            policy::Context::Softirq | policy::Context::Hardirq => runtime.load_for_cpus(&manifest.script()),
        };
        let hooks = hooks::take();
        loaded?;
        let xdp = xdp::attached(&runtime, manifest);
        let log = log(&runtime);
        Ok(Router { hooks, xdp, runtime, tracker: Tracker::default(), log })
    }

    /// The policy's hooks, in the order in which it registered them.
    #[must_use]
    pub fn hooks(&self) -> &[Hook] {
        &self.hooks
    }

    /// Whether the policy has attached a function to XDP.
    #[must_use]
    pub fn is_at_xdp(&self) -> bool {
        self.xdp.is_some()
    }

    /// All flows end.
    pub fn forget_flows(&mut self) {
        self.tracker.forget();
    }

    /// What runs the policy.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// What the policy printed while it loaded.
    #[must_use]
    pub fn log(&self) -> &[String] {
        &self.log
    }

    /// The path that the policy's first hook is on, or else XDP.
    #[must_use]
    pub fn path(&self) -> Path {
        let without = if self.is_at_xdp() { Path::Xdp } else { Path::Forward };
        self.hooks.first().map_or(without, Path::of)
    }

    /// The interface that packets come by unless something else is said: the LAN's, or that where the policy is at XDP
    /// alone.
    #[must_use]
    pub fn port(&self) -> i32 {
        self.xdp.as_ref().filter(|_| self.hooks.is_empty()).and_then(Xdp::port).unwrap_or(LAN)
    }

    /// Sends a packet along a path.
    pub fn send(&mut self, packet: &mut Packet, path: Path) -> Report {
        packet.link = path != Path::Output;
        (packet.flow, packet.info, packet.redirected) = (None, 0, None);
        let mut report = Report {
            verdict: Verdict::Accept,
            decided: None,
            calls: Vec::new(),
            failures: Vec::new(),
            log: Vec::new(),
        };
        if path != Path::Output {
            self.at_xdp(packet, &mut report);
        }
        let points = if report.verdict == Verdict::Accept { path.points() } else { &[] };
        // A bridge has no flows.
        let mut untracked = path != Path::Bridge && !packet.notrack;
        'way: for point in points {
            for (number, hook) in self.at(path, *point, packet) {
                if untracked && hook.priority > CONNTRACK {
                    untracked = false;
                    self.tracker.track(packet);
                }
                let before = self.begin();
                let (verdict, asked) = hook.ask(packet);
                if asked {
                    report.calls.push(self.call(number, before));
                }
                report.verdict = Verdict::of(verdict);
                if let Some(decision) = packet.flow().and_then(|flow| hook.decision(flow)) {
                    report.decided = Some(Verdict::of(decision));
                }
                if report.verdict != Verdict::Accept {
                    break 'way;
                }
            }
            // Once, at the first point, whatever hooks make of the packet.
            if std::mem::take(&mut untracked) {
                self.tracker.track(packet);
            }
        }
        if report.verdict == Verdict::Accept {
            self.tracker.confirm(packet);
        }
        report.failures = self.runtime.take_failures();
        report.log = log(&self.runtime);
        report
    }

    /// The beginning of the way: what XDP says of a packet, whose bytes may be others afterwards.
    fn at_xdp(&mut self, packet: &mut Packet, report: &mut Report) {
        let Some(xdp) = self.xdp.as_ref().filter(|xdp| xdp.sees(packet.ifindex)) else { return };
        let before = self.begin();
        let mut frame = packet.on_the_wire();
        (report.verdict, packet.redirected) = xdp.ask(&mut frame, packet.ifindex);
        report.calls.push(self.call(self.hooks.len(), before));
        if !packet.replace(&frame) {
            report.verdict = Verdict::Drop;
        }
    }

    /// Shows a frame to XDP at the first of the policy's interfaces, whatever is in it, and makes of it what the policy
    /// does; `None` if the policy is not there.
    pub fn receive(&mut self, frame: &mut Vec<u8>) -> Option<Verdict> {
        let xdp = self.xdp.as_ref()?;
        let (verdict, _) = xdp.ask(frame, xdp.port()?);
        self.runtime.take_failures();
        Some(verdict)
    }

    /// A call begins: the instructions before it.
    fn begin(&self) -> u64 {
        self.runtime.machine().forget_peak();
        self.runtime.machine().instructions()
    }

    /// What the call that is over cost, before which there were so many instructions.
    fn call(&self, hook: usize, before: u64) -> Call {
        let machine = self.runtime.machine();
        Call { hook, fuel: self.runtime.spent(), instructions: machine.instructions() - before, memory: machine.peak() }
    }

    /// The hooks that see a packet at a point, with their numbers, in the order of their priorities: of equal ones the last
    /// that was registered is the first (`nf_hook_entries_grow`).
    fn at(&self, path: Path, point: u8, packet: &Packet) -> Vec<(usize, Hook)> {
        let sees = |hook: &Hook| match path {
            Path::Bridge => hook.family == BRIDGE,
            _ => packet.is_of(hook.family),
        };
        let mut hooks: Vec<_> = self.hooks.iter().copied().enumerate().rev().collect();
        hooks.retain(|(_, hook)| hook.point == point && sees(hook));
        hooks.sort_by_key(|(_, hook)| hook.priority);
        hooks
    }
}

/// Loads the kernel's modules: from here on every [`Runtime`] finds them.
pub fn load_modules() {
    luabyteorder_main::insmod();
    luadata_main::insmod();
    luapacket_main::insmod();
    luaset_main::insmod();
    lualpm_main::insmod();
    luaskb_main::insmod();
    luanetfilter_main::insmod();
    lualinux_main::insmod();
    luarcu_main::insmod();
    luaxdp_main::insmod();
}

fn log(runtime: &Runtime) -> Vec<String> {
    runtime.machine().take_printed().iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}
