// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router between its two sides.

use crate::complaints;
use crate::exchange::{Exchange, Fate};
use crate::flavour::Flavour;
use crate::lan::{Lan, Lease};
use crate::wan::Wan;
use crate::wire::Wire;
use crate::{timers, tls};
use anyhow::{anyhow, bail, ensure, Context, Result};
use qemu::{Boot, Builder, Machine, Network, Output, Port};
use smoltcp::wire::{EthernetAddress, Ipv4Address};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What the router says when it is up.
pub const READY: &str = "lunagate: ready";
/// How often a client repeats a question for a name that got no useful answer.
const RETRY: Duration = Duration::from_millis(500);

/// The number of a neighbour's port on the WAN's cable, behind those of the router.
const NEIGHBOUR: usize = 2;

/// What the loop wakes up for.
enum News {
    /// From the router, by one of its ports: 0 is the WAN's; or from a neighbour.
    Frame(usize, Vec<u8>),
    /// The console, a command or the machine's end.
    Bell,
}

/// The router between its two sides.
pub struct Lab {
    /// The router's machine, stopped at power-on.
    pub machine: Machine,
    /// The Internet.
    pub wan: Wan,
    /// A client.
    pub lan: Lan,
    /// A second machine on the WAN's cable, for what Linux speaks and our stacks do not.
    pub neighbour: Option<Machine>,
    /// Frames that the WAN sends in turn, one per millisecond or so, until this is empty.
    pub flood: Vec<Vec<u8>>,
    flooded: usize,
    news: Receiver<News>,
    sender: Sender<News>,
    started: Instant,
    limit: Duration,
    /// Lines of the console, from number to number, in which a panic was asked for, or QEMU was at fault.
    excused: Vec<(usize, usize)>,
    /// The number of the console's first line that was not looked at for a timer that is missing.
    unread: usize,
}

impl Lab {
    /// Sets it all up around a machine that boots this; `describe` may change the machine.
    ///
    /// # Errors
    /// When QEMU does not start.
    pub fn new(boot: Boot, describe: impl FnOnce(Builder) -> Builder) -> Result<Self> {
        let (sender, news) = mpsc::channel();
        let bell = sender.clone();
        let flavour = Flavour::of_environment();
        let builder = Builder::new(boot).memory(flavour.memory());
        let builder = builder.network(Network::Frames).network(Network::Frames).bell(move || {
            // The loop may be over already.
            let _ = bell.send(News::Bell);
        });
        let machine = describe(builder).start().context("failed to start the router")?;
        let [wan, lan] = &machine.ports[..] else { bail!("a lab's router has two ports") };
        listen(0, wan.clone(), sender.clone());
        listen(1, lan.clone(), sender.clone());
        let wire = |port: &Port, name: &str| Wire::new(port.clone(), &machine.directory().join(name));
        let (wan, lan) = (Wan::new(wire(wan, "wan.pcap")?), Lan::new(wire(lan, "lan.pcap")?));
        Ok(Lab {
            machine,
            wan,
            lan,
            neighbour: None,
            flood: Vec::new(),
            flooded: 0,
            news,
            sender,
            started: Instant::now(),
            limit: flavour.limit(),
            excused: Vec::new(),
            unread: 0,
        })
    }

    /// Sets up another machine, which boots this while its cables lead nowhere; these commands make it a host of the
    /// Internet, and then its first cable is the WAN's.
    ///
    /// # Errors
    /// When QEMU does not start; as [`Lab::until`] and [`Lab::output`].
    pub fn add_neighbour(&mut self, boot: Boot, commands: &str) -> Result<()> {
        let bell = self.sender.clone();
        let builder = Builder::new(boot).memory(Flavour::of_environment().memory());
        let builder = builder.network(Network::Frames).network(Network::Frames).bell(move || {
            // The loop may be over already.
            let _ = bell.send(News::Bell);
        });
        let mut machine = builder.start().context("failed to start the router's neighbour")?;
        let wan = machine.ports.first().context("a machine has its ports")?.clone();
        listen(NEIGHBOUR, wan.clone(), self.sender.clone());
        machine.control.resume()?;
        self.neighbour = Some(machine);
        self.until("end of the neighbour's boot", |lab| Ok(lab.neighbour()?.console.find(READY, 0)))?;
        self.elsewhere(commands)?;
        self.wan.host.wire.join_in(wan);
        Ok(())
    }

    fn neighbour(&mut self) -> Result<&mut Machine> {
        self.neighbour.as_mut().context("there is no neighbour")
    }

    /// What a shell command prints at the router's neighbour, where it must succeed.
    ///
    /// # Errors
    /// As [`Lab::output`].
    pub fn elsewhere(&mut self, command: &str) -> Result<String> {
        self.neighbour()?.exec.start(command)?;
        let output = self.until(&format!("end of '{command}'"), |lab| lab.neighbour()?.exec.poll())?;
        output.success().with_context(|| format!("failed to run '{command}' at the neighbour"))
    }

    /// Lets everything run until `done` has an answer.
    ///
    /// # Errors
    /// Those of `done`; or the machine ends, or time is up, before there was `what`.
    pub fn until<T>(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + self.limit;
        loop {
            self.turn();
            self.give_timers()?;
            if let Some(answer) = done(self).with_context(|| format!("failed while waiting for {what}"))? {
                // What `done` left in a socket is on the wire when this returns.
                self.turn();
                return Ok(answer);
            }
            if self.machine.console.closed() {
                bail!("the machine ended before there was {what}");
            }
            if Instant::now() > deadline {
                bail!("there was no {what} within {:?}", self.limit);
            }
            self.wait();
        }
    }

    /// Powers it on and waits until every service is up.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn boot(&mut self) -> Result<()> {
        self.boot_with(|_| ())
    }

    /// As [`Lab::boot`], showing each line of the console as it comes.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn boot_with(&mut self, mut show: impl FnMut(&str)) -> Result<()> {
        self.machine.control.resume()?;
        let mut shown = 0;
        self.until("end of the boot", |lab| {
            for line in lab.machine.console.lines(shown) {
                show(&line);
                shown += 1;
            }
            lab.booted(0, READY).map(|line| line.map(drop))
        })
    }

    /// Waits for a line of the console with `text`, from line number `start` on: its number.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn line(&mut self, start: usize, text: &str) -> Result<usize> {
        self.until(&format!("'{text}' on the console"), |lab| lab.booted(start, text))
    }

    /// As [`Lab::line`], where stages of the boot may fail: the number of the line behind it.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn said(&mut self, start: usize, text: &str) -> Result<usize> {
        let what = format!("'{text}' on the console");
        self.until(&what, |lab| Ok(lab.machine.console.find(text, start).map(|line| line + 1)))
    }

    /// Has the router restart by this command, and waits until it is up again.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn restart(&mut self, command: &str) -> Result<()> {
        let seen = self.machine.console.len();
        self.machine.exec.start(command)?;
        self.line(seen, READY)?;
        // How it ended, if the agent came to say that before the router went down.
        self.machine.exec.poll().map(drop)
    }

    /// The client's lease, for which it asks the router when it has none.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn lease(&mut self) -> Result<Lease> {
        self.lan.ask_for_lease();
        self.until("lease on the LAN", |lab| Ok(lab.lan.lease))
    }

    /// The address of `name` by the router's DNS, asked again while there is none.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn resolve(&mut self, name: &str) -> Result<Ipv4Address> {
        let mut asked = None;
        self.until(&format!("address of {name}"), |lab| {
            while let Some((_, code, address)) = lab.lan.answer() {
                if let (0, Some(address)) = (code, address) {
                    return Ok(Some(address));
                }
            }
            if asked.is_none_or(|asked: Instant| asked.elapsed() >= RETRY) {
                lab.lan.ask(name).context("the client cannot ask: it has no lease with a DNS server")?;
                asked = Some(Instant::now());
            }
            Ok(None)
        })
    }

    /// The page that a server has.
    ///
    /// # Errors
    /// As [`Lab::until`], and when the connection is refused.
    pub fn get(&mut self, server: Ipv4Address) -> Result<Vec<u8>> {
        let mut get = Exchange::start(&mut self.lan.host, server, 80, b"GET / HTTP/1.0\r\n\r\n");
        let page = self.until("page", |lab| match get.step(&mut lab.lan.host) {
            Fate::Finished => Ok(Some(std::mem::take(&mut get.answer))),
            Fate::Refused => bail!("the server refuses"),
            _ => Ok(None),
        });
        get.end(&mut self.lan.host);
        page
    }

    /// Sends a ClientHello for `name` and waits for the server's: the connection's fate.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn hello(&mut self, server: Ipv4Address, name: &str) -> Result<Fate> {
        let mut hello = Exchange::start(&mut self.lan.host, server, 443, &tls::client_hello(name));
        let fate = self.until(&format!("answer to the ClientHello for {name}"), |lab| {
            let fate = hello.step(&mut lab.lan.host);
            Ok((fate == Fate::Refused || !hello.answer.is_empty()).then_some(fate))
        });
        hello.end(&mut self.lan.host);
        fate
    }

    /// Sends ClientHellos for [`tls::BLOCKED`], until a client that hears nothing has sent so many, and
    /// then one for [`tls::ALLOWED`]. What the router does with a port's frames keeps their order, so that
    /// the blocked ones would arrive first: how many were sent.
    ///
    /// # Errors
    /// A blocked one arrives, or is answered; the allowed one is not. As [`Lab::until`].
    pub fn blocks(&mut self, server: Ipv4Address, times: usize) -> Result<usize> {
        let name = tls::BLOCKED.as_bytes();
        let (sent, arrived) = (self.lan.host.wire.sent(name), self.wan.host.wire.received(name));
        let mut blocked = Exchange::start(&mut self.lan.host, server, 443, &tls::client_hello(tls::BLOCKED));
        self.until(&format!("ClientHello number {times} for the blocked name"), |lab| {
            blocked.step(&mut lab.lan.host);
            Ok((lab.lan.host.wire.sent(name) >= sent + times).then_some(()))
        })?;
        ensure!(self.hello(server, tls::ALLOWED)? == Fate::Open, "the allowed name is refused");
        let arrived = self.wan.host.wire.received(name) - arrived;
        ensure!(arrived == 0, "the ClientHello for the blocked name arrived {arrived} times");
        ensure!(blocked.step(&mut self.lan.host) == Fate::Open && blocked.answer.is_empty(), "it was answered");
        blocked.end(&mut self.lan.host);
        Ok(self.lan.host.wire.sent(name) - sent)
    }

    /// Runs a shell command in the router, the network going on meanwhile.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn run(&mut self, command: &str) -> Result<Output> {
        self.machine.exec.start(command)?;
        self.until(&format!("end of '{command}'"), |lab| lab.machine.exec.poll())
    }

    /// What a shell command that must succeed prints.
    ///
    /// # Errors
    /// As [`Lab::run`], and when it does not succeed.
    pub fn output(&mut self, command: &str) -> Result<String> {
        self.run(command)?.success().with_context(|| format!("failed to run '{command}' in the router"))
    }

    /// The address of one of the router's interfaces.
    ///
    /// # Errors
    /// As [`Lab::output`].
    pub fn hardware_address(&mut self, interface: &str) -> Result<EthernetAddress> {
        let text = self.output(&format!("cat /sys/class/net/{interface}/address"))?;
        text.trim().parse().map_err(|()| anyhow!("'{text}' is no hardware address"))
    }

    /// What the console has said since line number `start` is not held against the router: it
    /// was made to panic.
    pub fn excuse(&mut self, start: usize) {
        self.excused.push((start, self.machine.console.len()));
    }

    /// Whether the console is free of the kernel's complaints.
    ///
    /// # Errors
    /// When it is not, with the lines.
    pub fn no_complaints(&self) -> Result<()> {
        let mut lines = self.machine.console.lines(0);
        for &(start, end) in self.excused.iter().rev() {
            lines.drain(start..end);
        }
        if let Some(neighbour) = &self.neighbour {
            lines.extend(neighbour.console.lines(0));
        }
        complaints::check(&lines)
    }

    /// Whether the kernel's log, which says more than its console, is free of them.
    ///
    /// # Errors
    /// As [`Lab::no_complaints`] and [`Lab::output`].
    pub fn no_complaints_in_log(&mut self) -> Result<()> {
        let log: Vec<String> = self.output("dmesg")?.lines().map(String::from).collect();
        complaints::check(&log)
    }

    /// The console's last lines and the last frames of both cables.
    pub fn report(&self) -> String {
        let neighbour = self.neighbour.as_ref().map(|neighbour| neighbour.console.tail(20));
        let neighbour = neighbour.map(|tail| format!("\nThe neighbour's:\n{tail}")).unwrap_or_default();
        format!(
            "The console's last lines:\n{}{neighbour}\nThe WAN's last frames (-> to the router):\n{}\nThe LAN's:\n{}",
            self.machine.console.tail(40),
            self.wan.host.wire.summary(25),
            self.lan.host.wire.summary(25),
        )
    }

    /// Starts the router again if QEMU has left it without a [timer](timers).
    fn give_timers(&mut self) -> Result<()> {
        let (unread, now) = (self.unread, self.machine.console.len());
        if now == unread {
            return Ok(());
        }
        self.unread = now;
        if let Some(issue) = self.machine.console.find(timers::MISSING, unread) {
            eprintln!("QEMU gave a processor no timer: the router is started again");
            self.machine.control.start_again().context("failed to start the router again")?;
            self.excuse(timers::report(&self.machine.console.lines(0), issue));
            self.unread = self.machine.console.len();
        }
        Ok(())
    }

    /// The number of the console's line with `text`, unless a stage of the boot has failed.
    fn booted(&self, start: usize, text: &str) -> Result<Option<usize>> {
        let console = &self.machine.console;
        if let Some(failed) = console.find(" failed: ", start) {
            bail!("the boot failed: {}", console.lines(failed).first().cloned().unwrap_or_default());
        }
        Ok(console.find(text, start))
    }

    /// Lets both sides do what there is to do.
    fn turn(&mut self) {
        for _ in 0..2 {
            let now = self.started.elapsed();
            self.wan.host.poll(now);
            self.wan.serve();
            self.lan.host.poll(now);
            self.lan.step();
        }
        if !self.flood.is_empty() {
            let frame = &self.flood[self.flooded % self.flood.len()];
            self.wan.host.wire.deliver(frame);
            self.flooded += 1;
        }
    }

    /// Waits for news, or for a timer of a stack.
    fn wait(&mut self) {
        let now = self.started.elapsed();
        let mut idle = self.wan.host.idle(now).min(self.lan.host.idle(now)).min(RETRY);
        if !self.flood.is_empty() {
            idle = idle.min(Duration::from_millis(1));
        }
        let first = self.news.recv_timeout(idle).ok();
        for news in first.into_iter().chain(self.news.try_iter()) {
            let now = self.started.elapsed();
            if let News::Frame(NEIGHBOUR, frame) = news {
                self.wan.host.wire.set_time(now);
                self.wan.host.wire.overhear(frame);
            } else if let News::Frame(port, frame) = news {
                let wire = if port == 0 { &mut self.wan.host.wire } else { &mut self.lan.host.wire };
                wire.set_time(now);
                wire.arrive(frame);
            }
        }
    }
}

/// Hands the frames that the router sends to the loop.
fn listen(number: usize, port: Port, news: Sender<News>) {
    thread::spawn(move || {
        while let Ok(frame) = port.receive() {
            if frame.is_empty() || news.send(News::Frame(number, frame)).is_err() {
                break;
            }
        }
    });
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.machine.ports.iter().for_each(Port::close);
        if let Some(neighbour) = &self.neighbour {
            neighbour.ports.iter().for_each(Port::close);
        }
    }
}
