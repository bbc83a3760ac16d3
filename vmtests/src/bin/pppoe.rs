// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A session by PPP over Ethernet is the router's WAN: it brings addresses, names and a way out, comes again when it has
//! gone, and nothing gets in beside it.

use anyhow::{ensure, Context, Result};
use std::process::ExitCode;
use vmtests::addresses::{GATEWAY, NEIGHBOUR, ROUTER_WAN, ROUTER_WAN_PORT, WAN_HOST};
use vmtests::pppoe::{self, Authentication, Concentrator, Provider};
use vmtests::{frames, page, scenario, Lab, Seen, Setup};

const USER: &str = "me@provider.example";
const PASSWORD: &str = "a \\\"s3cret\\\"";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
    lab.output(&format!(". /usr/lib/lunagate/way-out && name_servers 4 eth0 {NEIGHBOUR}"))?;
    serve(lab, Authentication::Chap);
    lab.wan.serve_ipv6();
    follow(lab, PASSWORD)?;
    open(lab, 1)?;
    has_page(lab)?;
    let senders: Vec<_> = lab.wan.seen.iter().filter_map(sender).collect();
    ensure!(senders == [ROUTER_WAN.into()], "the server saw {senders:?}");
    ensure!(lab.output("ip -4 route show default")?.starts_with("default dev pppoe-wan"), "another way out");
    let servers = lab.output("cat /run/dnsmasq/resolv.conf")?;
    ensure!(!servers.contains(&NEIGHBOUR.to_string()), "the provider of before is asked still: {servers}");
    proved("a_session_brings_an_address_names_and_the_internet");

    lab.until("delegated prefix", |lab| {
        let internet = lab.wan.ipv6().context("the provider gives no IPv6")?;
        Ok((!internet.delegated.is_empty()).then_some(()))
    })?;
    proved("the_provider_delegates_a_prefix_through_it");

    let faults = &concentrator(lab)?.faults;
    ensure!(faults.is_empty(), "packets did not fit: {faults:?}");
    proved("connections_are_told_how_much_fits_into_its_packets");

    // Both at the router's own address: beside the session, and then through it.
    let ends = frames::Ends { from: WAN_HOST, to: ROUTER_WAN_PORT, source: (GATEWAY, 0), destination: (ROUTER_WAN, 0) };
    let ping = frames::ping(ends);
    lab.until("room for a frame", |lab| Ok(lab.wan.host.wire.send(&ping).then_some(())))?;
    lab.until("room for a frame", |lab| Ok(lab.wan.host.wire.deliver(&ping).then_some(())))?;
    lab.until("answer to a ping through the session", |lab| {
        let mut frames = lab.wan.host.wire.from_router().filter_map(|frame| pppoe::plain(&frame.bytes));
        Ok(frames.any(|frame| frames::is_pong(&frame)).then_some(()))
    })?;
    let plain = lab.wan.host.wire.from_router().any(|frame| frames::is_pong(&frame.bytes));
    ensure!(!plain, "a ping beside the session was answered");
    proved("nothing_gets_in_beside_it");

    concentrator_mut(lab)?.hang_up();
    open(lab, 2)?;
    has_page(lab)?;
    proved("the_router_calls_again_when_the_provider_hangs_up");

    concentrator_mut(lab)?.deaf = true;
    lab.output("while sh /etc/health.d/50-wan; do usleep 200000; done > /dev/null")?;
    concentrator_mut(lab)?.deaf = false;
    open(lab, 3)?;
    has_page(lab)?;
    proved("and_when_the_line_was_cut");

    let said = lab.output("lunagate config diff - <<'END'\nwan: { mode: pppoe, user: me, password: other }\nEND")?;
    ensure!(said.contains("(secret)") && !said.contains("s3cret") && !said.contains("other }"), "{said}");
    follow(lab, "wrong")?;
    lab.until("refusal", |lab| Ok((concentrator(lab)?.refused() > 0).then_some(())))?;
    let log = lab.output("cat /run/log/messages")?;
    ensure!(log.contains("pppd") && !log.contains("s3cret") && !log.contains("wrong"), "{log}");
    ensure!(lab.output("stat -c %a /run/config/pppoe /data/config")? == "600\n700\n", "others can read the password");
    proved("a_wrong_password_is_refused_and_no_password_is_shown");

    serve(lab, Authentication::Pap);
    follow(lab, PASSWORD)?;
    open(lab, 1)?;
    has_page(lab)?;
    proved("a_provider_may_ask_for_the_password_itself");
    Ok(())
}

fn serve(lab: &mut Lab, authentication: Authentication) {
    let (user, password) = (USER.to_owned(), PASSWORD.replace('\\', ""));
    lab.wan.host.wire.serve_pppoe(Provider { user, password, authentication });
}

/// The owner's file has this password, as YAML writes it between double quotes.
fn follow(lab: &mut Lab, password: &str) -> Result<()> {
    let file = format!("wan: {{ mode: pppoe, user: {USER}, password: \"{password}\" }}");
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}\nEND")).map(drop)
}

fn open(lab: &mut Lab, number: usize) -> Result<()> {
    lab.until(&format!("session number {number}"), |lab| {
        let concentrator = concentrator(lab)?;
        Ok((concentrator.sessions() >= number && concentrator.is_open()).then_some(()))
    })
}

fn has_page(lab: &mut Lab) -> Result<()> {
    let server = lab.resolve("www.example")?;
    ensure!(lab.get(server)? == page(), "the page is another one");
    Ok(())
}

fn sender(seen: &Seen) -> Option<smoltcp::wire::IpAddress> {
    match seen {
        Seen::Request(from) => Some(from.addr),
        _ => None,
    }
}

fn concentrator(lab: &Lab) -> Result<&Concentrator> {
    lab.wan.host.wire.pppoe().context("there is no concentrator")
}

fn concentrator_mut(lab: &mut Lab) -> Result<&mut Concentrator> {
    lab.wan.host.wire.pppoe_mut().context("there is no concentrator")
}
