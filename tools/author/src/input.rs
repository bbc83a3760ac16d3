// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a policy is shown that is watched: the packets of a capture.

use std::path::PathBuf;

use clap::Args;
use simulator::Packet;

use crate::capture::Frame;

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
    /// Write JSON instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The path of an argument.
fn path(name: &str) -> Result<simulator::Path, String> {
    simulator::Path::named(name).ok_or_else(|| format!("'{name}' is none of forward, input, output, bridge, xdp"))
}

/// The packet as hooks see it: not one that the stack drops before. What was captured in part is believed.
pub(crate) fn received(frame: &Frame, path: simulator::Path) -> Result<Packet, &'static str> {
    let packet = frame.packet().ok_or("it is no packet of a network that is known")?;
    let arrives = matches!(path, simulator::Path::Forward | simulator::Path::Input);
    if arrives && frame.whole {
        packet.receive()
    } else {
        Ok(packet)
    }
}
