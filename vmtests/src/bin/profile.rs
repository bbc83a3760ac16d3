// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A device has the ports, drivers, policies and packages of its profile (`images/profiles/test/board.yaml`).

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::tls::ALLOWED;
use vmtests::{page, scenario, Lab, Setup};

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let said = lab.output("lsmod | grep -c '^dummy '")?;
    ensure!(said == "1\n", "of drivers that the boot should load there are {said}");
    proved("the_boot_loads_the_drivers_that_it_is_told_to");

    let said = lab.output("ls /sys/class/net/br-lan/brif")?;
    ensure!(said.split_whitespace().eq(["dummy0", "eth1"]), "the LAN's ports are {said}");
    lab.lease()?;
    let server = lab.resolve(ALLOWED)?;
    ensure!(lab.get(server)? == page(), "the page is another one");
    proved("ports_have_their_roles_without_a_file_of_the_owners");

    lab.output("lunagate config apply --without-confirmation - <<'END'\nports: { wan: eth0, lan: [eth1] }\nEND")?;
    let said = lab.output("ls -d /sys/class/net/br-lan || true; lunagate config apply --without-confirmation - < /dev/null && ls /sys/class/net/br-lan/brif")?;
    ensure!(said.split_whitespace().eq(["dummy0", "eth1"]), "the LAN's ports are {said}");
    proved("the_owners_file_goes_before_that");

    let said = lab.output("cd /lib/modules/$(uname -r) && find . -name 'r8169*' -o -name 'nvme*'; grep -e /r8169 -e /nvme modules.dep || true")?;
    ensure!(said.is_empty(), "of drivers that are left out there are {said}");
    let said = lab.output("modprobe igb && lsmod | grep -c '^igb '")?;
    ensure!(said == "1\n", "another driver is loaded {said} times");
    proved("drivers_that_are_left_out_are_not_there_and_others_are");

    let said = lab.output("cd /lib/modules/lua/policies && ls -d */; cat /etc/lunagate/policies")?;
    let known: Vec<_> = said.split_whitespace().collect();
    ensure!(said.contains("sni-block/") && said.contains("dns-block/"), "the policies are {said}");
    ensure!(known.iter().filter(|word| word.ends_with('/')).count() == 3, "the policies are {said}");
    // Three times: the client sends again what the server does not acknowledge.
    lab.blocks(server, 3)?;
    proved("the_policies_are_those_of_the_profile_and_run");

    let said = lab.output("ethtool eth1")?;
    ensure!(said.contains("Link detected: yes"), "ethtool says {said}");
    proved("packages_are_there_with_what_they_need");
    Ok(())
}
