// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Rules of iptables ask Lua in the router, in both of iptables' forms, with the rules and functions that are
//! written for NFLua: a page takes the place of a blocked one, and a blocked name of TLS is refused.

use anyhow::{ensure, Result};
use smoltcp::wire::Ipv4Address;
use std::process::ExitCode;
use vmtests::tls::{ALLOWED, BLOCKED};
use vmtests::{scenario, Exchange, Fate, Lab, Seen, Setup};

const FUNCTIONS: &str = r#"
local blocked = { ["www.blocked.example"] = true }
local instead = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbrowse safely"

function nf_http(frame, payload)
  local host = tostring(payload):match("\r\n[Hh]ost: *([^\r]+)")
  if not blocked[host] then return false end
  nf.reply("tcp", instead)
  return true
end

function nf_ssl(frame, packet)
  local text = tostring(packet)
  for name in pairs(blocked) do
    if text:find(name, 1, true) then return true end
  end
  return false
end
"#;
const RULES: [&str; 2] = [
    "-p tcp --dport 80 --tcp-flags PSH PSH -m lua --tcp-payload --function nf_http -j DROP",
    "-p tcp --dport 443 -m lua --function nf_ssl -j REJECT --reject-with tcp-reset",
];

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve(BLOCKED)?;
    // The image's own policy has the same opinion.
    lab.output("lunatik stop policies/sni-block/main && lunatik run nflua softirq --single --fuel 100000")?;
    lab.output(&format!("cat > /run/browsing.lua <<'END'\n{FUNCTIONS}END\nnfluactl /run/browsing.lua"))?;
    for form in ["iptables-legacy", "iptables-nft", "iptables"] {
        rules(lab, form, "-A")?;
        let page = get(lab, server, BLOCKED)?;
        ensure!(page.ends_with("browse safely"), "{form}: instead of the blocked page came '{page}'");
        let page = get(lab, server, ALLOWED)?;
        ensure!(!page.contains("browse safely"), "{form}: an allowed page is replaced");
        ensure!(lab.hello(server, BLOCKED)? == Fate::Refused, "{form}: the blocked name is answered");
        ensure!(lab.hello(server, ALLOWED)? == Fate::Open, "{form}: the allowed name is refused");
        rules(lab, form, "-D")?;
    }
    ensure!(lab.wan.count(&Seen::Hello(BLOCKED.into())) == 0, "the server saw the blocked name");
    proved("a_page_takes_the_place_of_a_blocked_one");
    proved("a_blocked_name_is_refused_at_once");

    ensure!(lab.hello(server, BLOCKED)? == Fate::Open, "the name is refused without rules");
    lab.output("lunatik stop nflua")?;
    proved("without_rules_everything_passes");
    Ok(())
}

/// Adds or takes away the rules.
fn rules(lab: &mut Lab, form: &str, how: &str) -> Result<()> {
    for rule in RULES {
        lab.output(&format!("{form} {how} FORWARD {rule}"))?;
    }
    Ok(())
}

/// What a browser gets for a page of that name.
fn get(lab: &mut Lab, server: Ipv4Address, name: &str) -> Result<String> {
    let question = format!("GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
    let mut browser = Exchange::start(&mut lab.lan.host, server, 80, question.as_bytes());
    lab.until(&format!("page of {name}"), |lab| Ok((browser.step(&mut lab.lan.host) == Fate::Finished).then_some(())))?;
    let page = String::from_utf8_lossy(&browser.answer).into_owned();
    browser.end(&mut lab.lan.host);
    Ok(page)
}
