// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router's configuration, in one file.
//!
//! [`Config`] is what the owner's `router.yaml` says, checked: which port plays which role, how the WAN gets its
//! address, what the LAN is, what the firewall lets in, which policies run. [`render`](fn@render) makes the files of it
//! that the router's daemons read, all of them in one folder.
//!
//! On the router, [`Store`] keeps the file, the last one that was confirmed, and those before. A new one is on trial
//! until somebody confirms it over the network that it made; else the confirmed one comes back, after a while or at the
//! next boot.

mod address;
mod authority;
mod base64;
mod boot;
mod check;
mod choices;
pub mod cli;
mod connection;
pub mod crashes;
pub mod data;
pub mod edit;
mod error;
mod keys;
mod list;
mod model;
mod ports;
mod present;
mod raw;
pub mod remote;
mod render;
mod resolve;
mod secret;
mod store;
mod trial;
mod tunnels;
mod url;
mod wifi;
mod wireguard;
mod zone;

pub use address::{Mac, Network4, Prefix};
pub use check::age;
pub use choices::Policies;
pub use crashes::{Crash, Crashes};
pub use data::Data;
pub use error::Error;
pub use keys::keys;
pub use list::{Contents, List};
pub use model::{Choice, Config, Forward, Lease, LogHost, Login, Network, Pinhole, Pool, Protocol, Record, Wan};
pub use ports::Ports;
pub use render::{render, Rendered};
pub use store::Store;
pub use trial::Router;
pub use tunnels::{peer_file, Known};
pub use url::Url;
pub use wifi::{Band, Broadcast, Generation, Protection, Radio, Wifi};
pub use wireguard::{Endpoint, Key, Peer, Tunnel};
pub use zone::TimeZone;
