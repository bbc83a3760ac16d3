// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the demonstration shows, a row each; a row may build on those before it.

use anyhow::{ensure, Result};
use vmtests::tls::{ALLOWED, BLOCKED};
use vmtests::{addresses, page, Fate, Lab, Seen};

/// A row of the table.
pub struct Row {
    /// What the router does.
    pub what: &'static str,
    /// Whether it does, and how that was seen.
    pub test: fn(&mut Lab) -> Result<String>,
}

/// The table.
pub const ROWS: &[Row] = &[
    Row { what: "DHCP gives the client an address", test: lease },
    Row { what: "DNS answers through the router", test: resolve },
    Row { what: "HTTP passes, under the router's address", test: http },
    Row { what: "TLS to an allowed name passes", test: allowed },
    Row { what: "TLS to a blocked name stops at the policy", test: blocked },
    Row { what: "it passes once the policy is stopped", test: stopped },
];

fn lease(lab: &mut Lab) -> Result<String> {
    Ok(lab.lease()?.address.to_string())
}

fn resolve(lab: &mut Lab) -> Result<String> {
    let address = lab.resolve("www.example")?;
    ensure!(address == addresses::SERVER, "www.example is at {address}");
    Ok(format!("www.example is at {address}"))
}

fn http(lab: &mut Lab) -> Result<String> {
    let got = lab.get(addresses::SERVER)?;
    ensure!(got == page(), "the page is another one");
    let from_router = |seen: &Seen| matches!(seen, Seen::Request(from) if from.addr == addresses::ROUTER_WAN.into());
    ensure!(lab.wan.seen.iter().any(from_router), "the server saw another address");
    Ok(format!("{} bytes; the server saw {}", got.len(), addresses::ROUTER_WAN))
}

fn allowed(lab: &mut Lab) -> Result<String> {
    ensure!(lab.hello(addresses::SERVER, ALLOWED)? == Fate::Open, "refused");
    Ok(format!("{ALLOWED} answers"))
}

fn blocked(lab: &mut Lab) -> Result<String> {
    let sent = lab.blocks(addresses::SERVER, 3)?;
    Ok(format!("{BLOCKED}: {sent} sent, none arrived"))
}

fn stopped(lab: &mut Lab) -> Result<String> {
    lab.output("lunatik stop policies/sni-block/main")?;
    ensure!(lab.hello(addresses::SERVER, BLOCKED)? == Fate::Open, "refused");
    Ok(format!("{BLOCKED} answers"))
}
