// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Scripts at network interfaces: `lunatik xdp`.
//!
//! A *program* of a few instructions hands each packet that an interface receives to *runs* of
//! scripts, one after the other. A *link* keeps the program at the interface. luaxdp.ko *holds* the
//! link until the last of them stops; so nothing outlives the scripts, and nothing is left in a file system.

mod attach;
mod btf;
mod bytes;
mod chain;
mod held;
mod instruction;
mod message;
mod netlink;
mod program;
mod show;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};

use crate::device::Transport;
use crate::run::{Limits, Order};

pub use show::status;

#[derive(Subcommand)]
pub enum Command {
    /// Attach a script to a network interface; run it first if it does not run.
    ///
    /// The script says `require("xdp").attach(f)`: f sees every packet that the interface
    /// receives, and that the scripts before it at the interface let pass. It stays attached until
    /// `detach`, until the script stops or until the interface goes.
    Attach(Attach),
    /// Take a script away from a network interface, or all. They run on: `lunatik stop` ends them.
    Detach {
        /// The interface, as `ip link` names it.
        interface: String,
        /// The script; all of the interface's unless given.
        script: Option<String>,
    },
    /// Say which scripts, all of which run, are at a network interface, and in which order.
    ///
    /// Those that were there and are not named are no longer. Every packet sees the scripts of before, or those
    /// of now.
    Set {
        /// The interface, as `ip link` names it.
        interface: String,
        /// The scripts, in the order in which they see packets; none: no script is at the interface.
        scripts: Vec<String>,
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
        attach::without_ending(&self.script)
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
            Command::Detach { interface, script } => attach::detach(device, &interface, script.as_deref()),
            Command::Set { interface, scripts } => attach::set(device, &interface, &scripts),
            Command::Show { json } => show::show(device, json),
        }
    }
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
}
