// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Scripts at network interfaces: `lunatik xdp`.
//!
//! A *program* of four instructions hands each packet that an interface receives to one *run* of
//! a script. A *link* keeps the program at the interface. luaxdp.ko *holds* the link until the
//! script stops; so nothing outlives the script, and nothing is left in a file system.

mod attach;
mod btf;
mod bytes;
mod held;
mod instruction;
mod message;
mod netlink;
mod program;
mod show;

use anyhow::{bail, Result};
use clap::{Args, Subcommand, ValueEnum};

use crate::device::Transport;
use crate::run::{Limits, Order};
use message::Interface;
use netlink::Netlink;

pub use show::status;

#[derive(Subcommand)]
pub enum Command {
    /// Attach a script to a network interface; run it first if it does not run.
    ///
    /// The script says `require("xdp").attach(f)`: f sees every packet that the interface
    /// receives. It stays attached until `detach`, until the script stops or until the interface
    /// goes.
    Attach(Attach),
    /// Take the script away from a network interface. It runs on: `lunatik stop` ends it.
    Detach {
        /// The interface, as `ip link` names it.
        interface: String,
    },
    /// List the scripts at network interfaces, and in which mode each is.
    Show {
        /// As JSON: a list of objects.
        #[arg(long)]
        json: bool,
    },
}

/// In which mode a script is attached.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Wish {
    /// In the driver, which is fastest; fail if the driver has no XDP.
    Native,
    /// In the network stack, where it works with every interface, and slower.
    Generic,
    /// In the driver if it can, else in the network stack, saying so.
    Auto,
}

/// What becomes of a packet when the script fails on it.
#[derive(Clone, Copy, ValueEnum)]
enum Fail {
    Pass,
    Drop,
}

#[derive(Args)]
pub struct Attach {
    /// The interface, as `ip link` names it.
    interface: String,
    /// The script, below /lib/modules/lua, with or without `.lua`.
    script: String,
    /// Where packets are handed to it.
    #[arg(long, value_enum, default_value = "auto")]
    mode: Wish,
    /// What becomes of a packet when the script fails on it.
    #[arg(long, value_enum)]
    fail: Option<Fail>,
    #[command(flatten)]
    limits: Limits,
}

impl Attach {
    /// The script's name as the kernel lists it.
    fn name(&self) -> &str {
        self.script.strip_suffix(".lua").unwrap_or(&self.script)
    }

    /// Whether it says how to run the script.
    fn has_options(&self) -> bool {
        self.fail.is_some() || !self.limits.is_empty()
    }

    fn chunk(&self) -> String {
        let fail = self.fail.map(|fail| match fail {
            Fail::Pass => "accept",
            Fail::Drop => "drop",
        });
        let (script, limits) = (&self.script, &self.limits);
        Order { verb: "run", script, context: "softirq", percpu: false, limits, fail, single: false }.chunk()
    }
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self, device: &impl Transport) -> Result<()> {
        match self {
            Command::Attach(wanted) => attach::attach(device, &wanted),
            Command::Detach { interface } => detach(device, &interface),
            Command::Show { json } => show::show(device, json),
        }
    }
}

fn detach(device: &impl Transport, name: &str) -> Result<()> {
    let interface = find(&mut Netlink::open()?, name)?;
    if script_at(device, &interface)?.is_none() {
        match foreign(&interface) {
            Some(foreign) => bail!("{name} has no script; {foreign}"),
            None => bail!("{name} has no script: `lunatik xdp show` lists the interfaces that have one"),
        }
    }
    held::release(device, interface.index)
}

/// The interface with this name.
fn find(netlink: &mut Netlink, name: &str) -> Result<Interface> {
    match netlink.by_name(name)? {
        Some(interface) => Ok(interface),
        None => bail!("there is no interface {name}: `ip link` lists those that there are"),
    }
}

/// The script at an interface.
fn script_at(device: &impl Transport, interface: &Interface) -> Result<Option<String>> {
    let mut held = held::all(device)?.into_iter();
    Ok(held.find(|held| held.place.as_ref().is_some_and(|place| place.is_at(interface))).map(|held| held.script))
}

/// Says which program is at an interface, if it is not known to be ours, and how it goes.
fn foreign(interface: &Interface) -> Option<String> {
    let Interface { name, attached, .. } = interface;
    let message::Attached { mode, program } = attached.first()?;
    let option = mode.ip_option();
    Some(format!(
        "an XDP program that is not lunatik's is there (number {program}, {mode}): \
         end what attached it, or take it away with `ip link set dev {name} {option} off`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Arguments {
        #[command(subcommand)]
        command: Command,
    }

    fn attach(arguments: &[&str]) -> Attach {
        let all = [&["xdp", "attach", "eth0"], arguments].concat();
        let Command::Attach(attach) = Arguments::parse_from(all).command else { panic!("not attach") };
        attach
    }

    #[test]
    fn a_script_is_run_for_packets_with_the_options_that_are_given() {
        let plain = attach(&["a/b.lua"]);
        assert_eq!(plain.chunk(), r#"run("a/b.lua", "softirq", {  })"#);
        assert_eq!(plain.name(), "a/b");
        assert!(!plain.has_options() && plain.mode == Wish::Auto);
        let given = attach(&["a", "--fail", "pass", "--fuel", "10"]);
        assert_eq!(given.chunk(), r#"run("a", "softirq", { fuel = 10, fail = "accept" })"#);
        assert!(given.has_options());
        assert!(attach(&["a", "--memory", "99"]).has_options());
        assert!(attach(&["a", "--fail", "drop"]).chunk().contains(r#"fail = "drop""#));
    }

    #[test]
    fn a_foreign_program_is_named_with_the_way_to_be_rid_of_it() {
        let attached = vec![message::Attached { mode: message::Mode::Generic, program: 17 }];
        let mut interface = Interface { index: 7, name: "eth0".into(), attached };
        let words = foreign(&interface).unwrap();
        assert!(
            words.contains("number 17, generic") && words.contains("ip link set dev eth0 xdpgeneric off"),
            "{words}"
        );
        interface.attached.clear();
        assert_eq!(foreign(&interface), None);
    }
}
