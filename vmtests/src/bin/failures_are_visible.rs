// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy that fails is quarantined, the others go on, and the operator sees all of it.

use anyhow::{ensure, Context, Result};
use std::process::ExitCode;
use vmtests::{scenario, tls, Lab, Setup};

/// Fails on each packet to or from the server's port for web pages.
const SCRIPT: &str = r#"
local netfilter = require("netfilter")
local function judge(skb)
  local _, source, destination = skb:ports()
  if source == 80 or destination == 80 then error("no opinion") end
  return 1
end
netfilter.register { pf = 1, hooknum = 2, priority = 0, hook = judge }
"#;

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve(tls::ALLOWED)?;
    lab.output(&format!(
        "cp -r /lib/modules/lua /run/lua && mount --bind /run/lua /lib/modules/lua &&
        cat > /lib/modules/lua/unsure.lua <<'END'\n{SCRIPT}END"
    ))?;

    lab.output("lunatik run unsure softirq --faults 5 --fail accept --capabilities netfilter")?;
    let page = lab.get(server)?;
    ensure!(page.starts_with(b"HTTP/1."), "the page is {} bytes of something else", page.len());
    proved("packets_get_the_fail_verdict");

    let status = lab.output("lunatik status")?;
    let lines: Vec<_> = status.lines().skip_while(|line| !line.starts_with("unsure: ")).collect();
    let about = lines.join("\n");
    for part in [
        ", 5 faults\n",
        "faults: 5 error",
        "quarantined since 20",
        "packets get its fail verdict, accept, until `lunatik resume unsure`",
        "last failure: /lib/modules/lua/unsure.lua:5: no opinion",
        "/lib/modules/lua/unsure.lua:5",
    ] {
        ensure!(about.contains(part), "the status says nothing of '{part}':\n{status}");
    }
    proved("the_status_says_since_when_and_why");

    let json: serde_json::Value = serde_json::from_str(&lab.output("lunatik status --json")?)?;
    let scripts = json["scripts"].as_array().context("there are no scripts in the JSON")?;
    let unsure = scripts.iter().find(|script| script["script"] == "unsure").context("it is not in the JSON")?;
    ensure!(unsure["state"] == "quarantined" && unsure["capabilities"][0] == "netfilter", "{unsure}");
    let others = scripts.iter().filter(|script| script["script"] != "unsure");
    for other in others {
        ensure!(other["state"] == "running", "{other}");
    }
    proved("programs_read_the_same_as_json");

    let metrics = lab.output("lunatik metrics")?;
    ensure!(metrics.ends_with("# EOF\n"), "{metrics}");
    for line in
        ["lunatik_quarantined{script=\"unsure\"} 1", "lunatik_quarantined{script=\"policies/sni-block/main\"} 0"]
    {
        ensure!(metrics.lines().any(|other| other == line), "there is no '{line}' in\n{metrics}");
    }
    proved("scrapers_get_openmetrics");

    let events = lab.output("lunatik events")?;
    for part in
        ["unsure: started (softirq)", "unsure: failed (error): ", "unsure: quarantined after 5 failures in 10000 ms"]
    {
        ensure!(events.contains(part), "there is no event '{part}' in\n{events}");
    }
    proved("listeners_hear_events");

    lab.blocks(server, 1)?;
    proved("other_policies_judge_as_before");

    lab.output("lunatik resume unsure")?;
    lab.get(server)?;
    let status = lab.output("lunatik status")?;
    ensure!(status.contains(", 10 faults\n"), "after it was resumed, the status is\n{status}");
    lab.output("lunatik replace unsure softirq --faults 0 --fail drop && lunatik stop unsure")?;
    ensure!(!lab.output("lunatik list")?.contains("unsure"), "it runs on");
    proved("it_is_asked_again_after_resume");

    // As if it were a policy's.
    let script = "policies/sni-block/unsure";
    lab.output(&format!(
        "sh /etc/health.d/20-policies && cd /lib/modules/lua && cp unsure.lua {script}.lua &&
        lunatik run {script} softirq --faults 5 --fail accept --capabilities netfilter"
    ))?;
    lab.get(server)?;
    let health = lab.run("sh /etc/health.d/20-policies")?;
    let words = format!("sni-block is in quarantine: {script} ");
    ensure!(health.status != 0 && health.stdout.starts_with(&words), "the health check says {}", health.stdout);
    lab.output(&format!("lunatik stop {script} && sh /etc/health.d/20-policies"))?;
    proved("a_policy_in_quarantine_is_not_healthy");

    // As the boot does, which opens the WAN when this ends well.
    let asked = lab.output(
        "boot() { (. /usr/lib/lunagate/network; say() { :; }; failsafe=no; . /etc/boot.d/50-policies; echo \"$forward: $why\") }
        list() { printf \"$1\" > /run/list && mount --bind /run/list /etc/lunagate/policies; boot; umount /etc/lunagate/policies; }
        list 'policies/unsure softirq\n'; list 'unsure softirq\n'; list '\n'; list 'policies/none/main softirq\n'",
    )?;
    let refused = asked.lines().filter(|line| line.starts_with("no: ")).count();
    ensure!(refused == 4 && !asked.contains("yes: "), "lists that are no lists of policies:\n{asked}");
    proved("a_list_that_is_not_understood_keeps_the_wan_closed");
    Ok(())
}
