// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the owner has confirmed is there after a restart; a backup brings it back, and a reset erases it.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario, Lab, Setup};

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    apply(lab, "hostname: gate\ntime: { zone: Asia/Tokyo }\n", "--without-confirmation")?;
    apply(lab, "hostname: stranger\n", "--confirm 600s")?;
    ensure!(hostname(lab)? == "stranger", "what is on trial does not run");
    lab.restart("reboot")?;
    ensure!(hostname(lab)? == "gate", "the router is called {}", hostname(lab)?);
    ensure!(lab.output("date +%Z")? == "JST\n", "the time zone is gone");
    ensure!(lab.output("cat /data/config/rejected.yaml")? == "hostname: stranger\n", "what was on trial is lost");
    proved("what_was_confirmed_is_there_after_a_restart");

    let key = host_key(lab)?;
    let backup = lab.output("lunagate backup - | base64")?;
    apply(lab, "hostname: other\n", "--without-confirmation")?;
    lab.output("echo later > /data/root/later && rm /data/ula")?;
    for file in ["echo no backup", "echo"] {
        let refused = lab.run(&format!("{file} | lunagate restore -"))?;
        ensure!(refused.status != 0 && refused.stderr.contains("no whole backup"), "{file}: {}", refused.stderr);
    }
    let cut = lab.run(&format!("base64 -d <<'END' | head -c -9 | lunagate restore -\n{backup}END"))?;
    ensure!(cut.status != 0 && cut.stderr.contains("no whole backup"), "one that is cut short: {}", cut.stderr);
    ensure!(!lab.output("ls -a /data")?.contains("restore"), "what was refused has left something");
    proved("what_is_no_whole_backup_is_refused");

    lab.restart(&format!("base64 -d <<'END' | lunagate restore -\n{backup}END"))?;
    ensure!(hostname(lab)? == "gate", "the router is called {}", hostname(lab)?);
    ensure!(host_key(lab)? == key, "the key is another");
    let left = lab.output("ls -a /data /data/root")?;
    ensure!(!left.contains("later") && !left.contains("restor") && left.contains("ula"), "there is {left}");
    proved("a_backup_takes_the_place_of_all");

    lab.restart("lunagate factory-reset --erase-everything")?;
    ensure!(hostname(lab)? == "router", "the router is called {}", hostname(lab)?);
    ensure!(lab.output("date +%Z")? == "UTC\n", "the time zone stays");
    ensure!(host_key(lab)? != key, "the key stays");
    ensure!(!lab.output("ls -a /data")?.contains("config"), "the configuration stays");
    proved("a_reset_makes_a_new_router");
    Ok(())
}

fn apply(lab: &mut Lab, text: &str, how: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply {how} - <<'END'\n{text}END")).map(drop)
}

fn hostname(lab: &mut Lab) -> Result<String> {
    Ok(lab.output("hostname")?.trim().to_owned())
}

/// SSH's, once it is made.
fn host_key(lab: &mut Lab) -> Result<String> {
    lab.output("until [ -s /data/dropbear/ed25519 ]; do usleep 100000; done; md5sum /data/dropbear/ed25519")
}
