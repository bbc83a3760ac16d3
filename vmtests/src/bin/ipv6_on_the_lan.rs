// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A client without IPv4 gets an address and names from the router.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{IpAddress, IpCidr, Ipv6Address, Ipv6Cidr};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vmtests::{addresses, scenario, Lab, Setup};

/// How often the client asks again for a name that got no useful answer.
const RETRY: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lan.host.use_ipv6();
    let address = lab.until("address by router advertisement", |lab| Ok(unique_local(lab)))?;
    ensure!(address.prefix_len() == 64, "the prefix is {address}");
    proved("a_client_makes_an_address_of_the_advertised_prefix");

    // The router is the first of its network.
    let mut router = address.address().octets();
    router[8..].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0, 1]);
    let router = IpAddress::Ipv6(Ipv6Address::from(router));
    let mut asked: Option<Instant> = None;
    let answer = lab.until("answer over IPv6", |lab| {
        while let Some((_, code, answer)) = lab.lan.answer() {
            if code == 0 && answer.is_some() {
                return Ok(answer);
            }
        }
        if asked.is_none_or(|asked| asked.elapsed() >= RETRY) {
            lab.lan.ask_at(router, "www.example").context("the client cannot ask")?;
            asked = Some(Instant::now());
        }
        Ok(None)
    })?;
    ensure!(answer == addresses::SERVER, "www.example is at {answer}");
    proved("names_are_resolved_over_ipv6");
    Ok(())
}

/// The client's address of a unique local prefix (RFC 4193).
fn unique_local(lab: &Lab) -> Option<Ipv6Cidr> {
    lab.lan.host.interface.ip_addrs().iter().find_map(|address| match address {
        IpCidr::Ipv6(address) if address.address().octets()[0] == 0xfd => Some(*address),
        _ => None,
    })
}
