// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a policy is shown that is watched: the packets of a capture.

use std::path::PathBuf;

use clap::Args;

/// A policy, and what it is shown.
#[derive(Args)]
pub(crate) struct Input {
    /// The capture: pcap or pcapng.
    pub(crate) capture: PathBuf,
    /// The folder of the policy.
    pub(crate) folder: PathBuf,
    /// The folder of the Lua files that policies share; the folder 'library' beside the policy unless given.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) library: Option<PathBuf>,
    /// The way of the packets: forward, input, output, bridge or xdp; that of the policy's first hook unless given.
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub(crate) path: Option<simulator::Path>,
    /// By which interface those send who begin a conversation: eth1 (the LAN's) or eth0 (the WAN's); answers come by the
    /// other. The LAN's unless given, or that where the policy is at XDP alone.
    #[arg(long, value_name = "INTERFACE", value_parser = interface)]
    pub(crate) interface: Option<i32>,
    /// Write JSON instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The path of an argument.
fn path(name: &str) -> Result<simulator::Path, String> {
    simulator::Path::named(name).ok_or_else(|| format!("'{name}' is none of forward, input, output, bridge, xdp"))
}

/// The index of the interface of an argument.
fn interface(name: &str) -> Result<i32, String> {
    simulator::interface(name).ok_or_else(|| format!("'{name}' is none of the router's: eth1 (LAN), eth0 (WAN)"))
}
