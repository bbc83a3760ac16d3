// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Proves the router end to end: real frames on both sides.
//!
//! A [`Lab`] is a router in a virtual machine between two [`Host`]s, each a network stack
//! of its own at the other end of one of the router's cables: the [`Wan`] is the Internet
//! (DHCP, DNS, web servers, all of which note what they [`Seen`]), the [`Lan`] is a
//! client.  Both are driven by one loop, [`Lab::until`], which waits for the next frame,
//! timer, or news from the machine, and ends with an event that the test waits for.  A
//! time limit bounds failures only.  A second machine may be on the WAN's cable
//! ([`Lab::add_neighbour`]), for what Linux speaks and our stacks do not.
//!
//! The provider may want a session of PPPoE ([`Wire::serve_pppoe`]) and give IPv6, too
//! ([`Wan::serve_ipv6`]).  Power is cut from routers whose disk was recorded ([`cuts`]).
//!
//! [`Stations`] are hosts without a stack, for packets that no honest one would send: each turn ends when the router has
//! done all that they made it do.
//!
//! Every frame is kept: a test looks at the wire itself, not at what a stack makes of it,
//! and a failure shows the last frames of both cables beside the console.
//!
//! A promise of the router is a file in `src/bin`, which holds its [`scenario`]; adding
//! the file adds the check.

pub mod addresses;
pub mod advertisement;
pub mod cable;
mod complaints;
mod control;
pub mod cuts;
mod device;
pub mod dhcp;
pub mod dhcp6;
mod discovery;
pub mod dns;
mod exchange;
mod flavour;
pub mod frames;
pub mod frames6;
mod host;
pub mod https;
mod lab;
mod lan;
pub mod md5;
pub mod packets;
mod ppp;
pub mod pppoe;
mod provider6;
mod scenario;
mod stations;
mod terms;
mod timers;
pub mod tls;
pub mod tree;
mod u_boot;
mod verified;
mod wan;
mod wire;

pub use exchange::{Exchange, Fate};
pub use host::Host;
pub use lab::{Lab, READY};
pub use lan::{Lan, Lease};
pub use provider6::{Ipv6, Service};
pub use scenario::{observed, proof, scenario, scenario_on, Setup};
pub use stations::{Heard, Side, Stations};
pub use verified::boots_and_keeps;
pub use wan::{page, Seen, Wan};
pub use wire::{Direction, Frame, Wire};
