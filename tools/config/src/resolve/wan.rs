// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How the router reaches the Internet.

use std::str::FromStr;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use super::{read, Text};
use crate::address::host4;
use crate::check;
use crate::model::{Login, Wan};
use crate::raw::RawWan;
use crate::Network4;

/// The modes, and what belongs to one of them only.
const MODES: [&str; 3] = ["dhcp", "static", "pppoe"];

/// Also whether there is IPv6.
pub(super) fn resolve(raw: Spanned<RawWan>) -> Result<(Wan, bool), Problem> {
    let place = raw.referenced;
    let RawWan { mode, address, gateway, user, password, ipv6 } = raw.value;
    let mode = match &mode {
        None => "dhcp",
        Some(mode) if MODES.contains(&mode.value.as_str()) => mode.value.as_str(),
        Some(mode) => return wrong(mode.referenced, format!("mode '{}' is none of {}", mode.value, MODES.join(", "))),
    };
    for (text, of) in [(&address, "static"), (&gateway, "static"), (&user, "pppoe"), (&password, "pppoe")] {
        if let Some(text) = text.as_ref().filter(|_| of != mode) {
            return wrong(
                text.referenced,
                format!("with mode {mode} this is not said: leave it out, or set mode to {of}"),
            );
        }
    }
    let wan = match (mode, address, gateway, user, password) {
        ("static", Some(address), Some(gateway), ..) => known(&address, &gateway)?,
        ("static", ..) => return wrong(place, "mode static needs address (as 198.51.100.2/24) and gateway"),
        ("pppoe", .., Some(user), Some(password)) => {
            Wan::Pppoe(Login { user: read(&user, check::login)?, password: read(&password, check::login)? })
        }
        ("pppoe", ..) => return wrong(place, "mode pppoe needs the user and the password that the provider has given"),
        _ => Wan::Dhcp,
    };
    Ok((wan, ipv6.unwrap_or(true)))
}

fn known(address: &Text, gateway: &Text) -> Result<Wan, Problem> {
    let network = read(address, Network4::from_str)?;
    let host = read(gateway, host4)?;
    if !network.has(host) || host == network.address {
        return wrong(gateway.referenced, format!("{host} is no other host of {network}"));
    }
    Ok(Wan::Static { address: network, gateway: host })
}
