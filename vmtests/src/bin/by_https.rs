// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists and updates come by HTTPS from whom the owner trusts, and what is not whole or not right changes nothing.

use anyhow::{ensure, Context, Result};
use qemu::Boot;
use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use vmtests::https::{Page, AUTHORITY};
use vmtests::{observed, proof, Lab, READY};

/// A way out is what the health check wants to find again.
const WAN: &str = "until sh /etc/health.d/50-wan; do usleep 100000; done";
const LIST: &str = "/hosts.txt";
/// What routers ask a channel for, by their kind of device.
const BUNDLES: [&str; 2] = ["/lunagate-x86_64.bundle", "/lunagate-aarch64.bundle"];
/// What stands below `certificates` of router.yaml.
const TRUST: &str = "certificates:\n  - |\n";
const REST: &str = "
lists:
  ads: { from: https://lists.example:8443/hosts.txt }
policies:
  dns-block: { parameters: { list: /data/lists/ads.set } }
update: { channel: https://updates.example:8443/ }
";

fn main() -> ExitCode {
    proof(|directory, proved| {
        let bundle = fs::read(directory.join("next.bundle")).context("failed to read the bundle")?;
        let mut lab = Lab::new(Boot::disk(directory)?, |builder| builder.reboots(true))?;
        observed(&mut lab, |lab| {
            lab.boot()?;
            lab.lease()?;
            lab.output(WAN)?;
            answers(lab, "www.example")?;
            lists(lab, proved)?;
            updates(lab, Arc::new(bundle), proved)
        })
    })
}

fn lists(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let authority: String = AUTHORITY.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("{TRUST}{authority}{REST}");
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END"))?;
    status(lab, "ads: empty, it has never come")?;
    ensure!(lab.output("lunatik list")?.contains("policies/dns-block/main"), "the policy does not run");
    answers(lab, "banner.example")?;
    // The service asks at once, and the server does not have it yet.
    until(lab, "lunagate list status", "lists.example:8443: status 404")?;
    proved("a_policy_runs_before_its_list_has_come");

    lab.wan.https.pages.insert(LIST, Page { tag: Some("\"one\""), ..Page::from("0.0.0.0 banner.example\n") });
    let said = lab.output("lunagate list update ads")?;
    ensure!(said == "ads: 1 entries, which are used from now on\n", "{said}");
    blocks(lab, "banner.example")?;
    answers(lab, "popup.example")?;
    proved("a_list_comes_by_https_and_blocks_its_names");

    let said = lab.output("lunagate list update")?;
    ensure!(said == "ads: 1 entries, as before\n" && lab.wan.https.count(LIST, 304) == 1, "{said}");
    proved("what_has_not_changed_does_not_come_again");

    lab.wan.https.pages.insert(LIST, Page::from("popup.example\nnot a name\n"));
    let said = lab.output("lunagate list update ads")?;
    ensure!(
        said.contains("which are used") && said.contains("1 lines are no entries: line 2: more than one"),
        "{said}"
    );
    blocks(lab, "popup.example")?;
    answers(lab, "banner.example")?;
    proved("a_list_that_changes_is_swapped_while_its_policy_runs");

    let page = "<html>\n<p>Down for maintenance\n";
    for (page, strange, words) in [
        (None, false, "lists.example:8443: status 404: it is not there"),
        (Some(Page::from(page)), false, "this is no list of domains: 0 lines have some, 2 have not"),
        (Some(Page { cut: Some(10), ..Page::from("banner.example\n") }), false, "cut short, 10 of 15 bytes"),
        (Some(Page::from("banner.example\n")), true, "its certificate is signed by nobody who is trusted"),
    ] {
        lab.wan.https.pages.retain(|path, _| *path != LIST);
        lab.wan.https.pages.extend(page.map(|page| (LIST, page)));
        lab.wan.https.strange = strange;
        let update = lab.run("lunagate list update ads")?;
        ensure!(update.status != 0 && update.stderr.contains(words), "{words}: {} {}", update.stdout, update.stderr);
        status(lab, words)?;
        status(lab, "ads: 1 entries, of ")?;
        blocks(lab, "popup.example")?;
        answers(lab, "banner.example")?;
    }
    proved("what_fails_leaves_the_list_that_was_there_and_says_why");

    // What the service would say.
    lab.wan.https.strange = false;
    let said = lab.output("lunagate list refresh ads")?;
    ensure!(said == "ads: 1 entries, which are used from now on\n", "{said}");
    lab.wan.https.strange = true;
    let (once, again) = (lab.output("lunagate list refresh ads")?, lab.output("lunagate list refresh ads")?);
    ensure!(once.contains("signed by nobody who is trusted") && again.is_empty(), "{once}{again}");
    let log = lab.output("logread")?;
    ensure!(log.matches("lists: ads: lists.example:8443: status 404").count() == 1, "the log is: {log}");
    lab.wan.https.strange = false;
    proved("a_failure_is_said_once");
    Ok(())
}

fn updates(lab: &mut Lab, bundle: Arc<Vec<u8>>, proved: &dyn Fn(&str)) -> Result<()> {
    let whole = Page { body: bundle, ..Page::default() };
    let cut = Page { cut: Some(9_000_000), ..whole.clone() };
    let address = format!("https://updates.example:8443{}", BUNDLES[0]);
    for (page, strange, words) in [
        (None, false, "updates.example:8443: status 404"),
        (Some(cut), false, "cut short, 9000000 of "),
        (Some(Page::from(&*"no bundle".repeat(1000))), false, "this is no bundle"),
        (Some(whole.clone()), true, "signed by nobody who is trusted"),
    ] {
        lab.wan.https.pages.extend(page.iter().flat_map(|page| BUNDLES.map(|name| (name, page.clone()))));
        lab.wan.https.strange = strange;
        let update = lab.run(&format!("lunagate update {address}"))?;
        ensure!(update.status != 0 && update.stderr.contains(words), "{words}: {} {}", update.stdout, update.stderr);
        let slots = lab.output("lunagate update status")?;
        ensure!(slots == "slot a (running): 0.1.0, confirmed\nslot b: -, empty\nslot a boots next\n", "{slots}");
    }
    lab.wan.https.strange = false;
    proved("what_is_cut_short_or_not_signed_is_refused_with_the_reason");

    let said = lab.output("lunagate update check")?;
    ensure!(said == "version 0.2.0 is offered, and 0.1.0 runs: `lunagate update` installs it\n", "{said}");
    ensure!(lab.output("lunagate update status")?.ends_with("slot a boots next\n"), "asking has installed something");
    proved("a_channel_says_what_it_offers_and_nothing_is_installed");

    let seen = lab.machine.console.len();
    lab.output("lunagate update")?;
    lab.output("reboot")?;
    let seen = lab.line(seen, "loader: slot b")?;
    let seen = lab.line(seen, READY)?;
    lab.line(seen, "lunagate: slot b has proved itself")?;
    let said = lab.output("lunagate update")?;
    ensure!(said == "version 0.2.0 is offered, and runs already\n", "{said}");
    proved("an_update_comes_from_the_channel_and_proves_itself");
    blocks(lab, "banner.example")?;
    status(lab, "ads: 1 entries, of ")?;
    proved("a_list_is_used_from_the_boot_on");
    Ok(())
}

/// `lunagate list status` says this.
fn status(lab: &mut Lab, words: &str) -> Result<()> {
    let status = lab.output("lunagate list status")?;
    ensure!(status.contains(words), "no '{words}' in the status: {status}");
    Ok(())
}

/// Waits until a command says this.
fn until(lab: &mut Lab, command: &str, words: &str) -> Result<()> {
    let quiet = format!(
        "n=600; until {command} | grep -q '{words}'; do n=$((n - 1)); [ $n != 0 ] || exit 1; usleep 100000; done"
    );
    lab.output(&quiet).map(drop)
}

/// The router answers for this name.
fn answers(lab: &mut Lab, name: &str) -> Result<()> {
    lab.resolve(name).map(drop)
}

/// It does not, though it answers for the name that is asked for behind it.
fn blocks(lab: &mut Lab, name: &str) -> Result<()> {
    let no_lease = "the client has no lease";
    let asked = lab.lan.ask(name).context(no_lease)?;
    // Nobody has asked for it yet, so its answer cannot come from the router's cache.
    let barrier = lab.lan.ask(&format!("barrier-{asked}.example")).context(no_lease)?;
    lab.until("answer to the question after the blocked one", |lab| {
        while let Some((number, ..)) = lab.lan.answer() {
            ensure!(number != asked, "the question for {name} is answered");
            if number == barrier {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
}
