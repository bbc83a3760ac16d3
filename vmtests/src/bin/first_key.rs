// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A new router takes its owner's key from a USB stick or over the LAN, once; and one whose owner has lost it, another.

use anyhow::{ensure, Context, Result};
use qemu::Boot;
use std::process::ExitCode;
use vmtests::{observed, proof, Lab, READY};

/// The size of the stick in bytes.
const SIZE: u64 = 32 << 20;
/// The stick has a partition table (MBR), and behind 2048 blocks ext4, which is mounted.
const EXT4: &str = r"
printf '\0\0\0\0\x83\0\0\0\0\x08\0\0\0\x80\0\0' | dd of=/dev/sda bs=1 seek=446 2> /dev/null
printf '\x55\xaa' | dd of=/dev/sda bs=1 seek=510 2> /dev/null
modprobe loop && losetup -o 1048576 /dev/loop0 /dev/sda
mke2fs -q -t ext4 /dev/loop0 16M && mount -t ext4 /dev/loop0 /mnt";
/// The whole stick is FAT, as makers leave small ones.
const FAT: &str = "mkdosfs /dev/sda && mount -t vfat /dev/sda /mnt";
/// A client of the router's, on the router itself. It takes any host key, and has no terminal.
const CLIENT: &str = "HOME=/tmp dbclient -T -y -y";
/// The server has started.
const SERVER: &str = "until nc 192.168.1.1 22 < /dev/null | grep -q SSH; do usleep 200000; done";
const KEYS: &str = "cat /data/root/.ssh/authorized_keys";

fn main() -> ExitCode {
    proof(|directory, proved| {
        let stick = tempfile::NamedTempFile::new().context("failed to make a stick")?;
        stick.as_file().set_len(SIZE).context("failed to make a stick")?;
        let machine = Lab::new(Boot::disk(directory)?, |machine| machine.reboots(true).in_turns().stick(stick.path()));
        observed(&mut machine?, |lab| {
            lab.boot()?;
            time_ends(lab, proved)?;
            stick_is_wrong(lab, proved)?;
            stick_is_right(lab, proved)?;
            over_the_lan(lab, proved)?;
            key_is_lost(lab, proved)?;
            a_new_connection_confirms(lab, proved)
        })
    })
}

fn time_ends(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let seen = lab.machine.console.len();
    let service = "/run/service/setup";
    lab.output(&format!("s6-svc -d {service} && s6-svwait -D {service}"))?;
    let said = setup(lab, "", "")?.stderr;
    ensure!(said.contains("there is no key"), "setup hears {said}");
    lab.output("echo 1800.00 0.00 > /run/uptime && mount -o bind /run/uptime /proc/uptime")?;
    let said = setup(lab, "", "")?.stderr;
    ensure!(said.contains("no key is entered here any more"), "though nothing takes it away, setup hears {said}");
    lab.output(&format!("s6-svc -u {service}"))?;
    lab.line(seen, "lunagate: setup: no key is entered from the LAN any more")?;
    is_closed(lab)?;
    lab.output("umount /proc/uptime && rm /run/uptime")?;
    proved("after_a_while_nobody_enters_a_key");
    Ok(())
}

fn stick_is_wrong(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    // The keys are somewhere that outlives a boot.
    lab.output("mkdir /data/test && for key in first second; do dropbearkey -t ed25519 -f /data/test/$key; done")?;
    let key = public(lab, "first")?;
    let cases = [
        (
            format!("# mine\n{}\n", &key[..60]),
            "hostname: stick\n",
            "lunagate/authorized_keys:2:1: this public key is not whole",
        ),
        (format!("{key}\n"), "hostname: stick\nlan: { adress: 10.0.0.1/8 }\n", "lunagate/router.yaml:2:8: "),
    ];
    for (keys, config, said) in cases {
        write(lab, EXT4, &keys, config)?;
        lab.output("losetup -d /dev/loop0")?;
        let seen = lab.machine.console.len();
        lab.restart("reboot")?;
        lab.line(seen, &format!("lunagate: USB stick: nothing is taken from it: {said}"))?;
        let there = lab.output(
            "ls -d /data/root/.ssh/* /data/config /dev/loop0 2> /dev/null; losetup -a; mount | grep stick; hostname",
        )?;
        ensure!(there == "/dev/loop0\nrouter\n", "there is {there}");
    }
    proved("a_stick_with_a_mistake_changes_nothing_and_is_told_by_line");
    Ok(())
}

fn stick_is_right(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let (first, second) = (public(lab, "first")?, public(lab, "second")?);
    write(lab, FAT, &format!("# mine\r\n{first}\r\n"), "hostname: stick\n")?;
    let seen = lab.machine.console.len();
    lab.restart("reboot")?;
    let print = fingerprint(lab, "first")?;
    lab.line(seen, &format!("lunagate: USB stick: the key {print} is entered"))?;
    ensure!(lab.output(KEYS)? == format!("{first}\n"), "the keys are {}", lab.output(KEYS)?);
    ensure!(lab.output("stat -c %a /data/root/.ssh/authorized_keys")? == "600\n", "others read the keys");
    logs_in(lab, "first")?;
    is_closed(lab)?;
    proved("a_stick_gives_a_new_router_its_owners_keys");

    ensure!(lab.output("hostname")? == "stick\n", "it is called {}", lab.output("hostname")?);
    ensure!(lab.output("cat /data/config/router.yaml")? == "hostname: stick\n", "the configuration is another");
    ensure!(lab.output("cat /data/config/confirmed.yaml")? == "hostname: stick\n", "it is not the confirmed one");
    proved("and_a_configuration_which_counts_at_once");

    write(lab, FAT, &format!("{second}\n"), "hostname: other\n")?;
    let seen = lab.machine.console.len();
    lab.restart("reboot")?;
    ensure!(lab.output(KEYS)? == format!("{first}\n"), "the keys are {}", lab.output(KEYS)?);
    ensure!(lab.output("hostname")? == "stick\n", "it is called {}", lab.output("hostname")?);
    let looked = lab.machine.console.lines(seen).iter().any(|line| line.contains("USB stick: "));
    ensure!(!looked, "it has looked at the stick");
    proved("a_router_with_an_owner_looks_at_no_stick");
    Ok(())
}

fn over_the_lan(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.output("head -c 1048576 /dev/zero > /dev/sda; rm -r /data/root/.ssh/authorized_keys /data/config")?;
    lab.restart("reboot")?;
    for password in ["", "root"] {
        let said =
            lab.run(&format!("{SERVER}; DROPBEAR_PASSWORD='{password}' {CLIENT} root@192.168.1.1 true < /dev/null"))?;
        ensure!(said.status != 0, "root comes in without a key");
    }
    proved("root_has_no_password_while_the_router_has_no_owner");

    let key = public(lab, "first")?;
    for (text, said) in [
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "standard input:1:1: this is a private key"),
        ("let me in", "standard input:1:1: this is no public key of a line"),
        (&key[..60], "standard input:1:1: this public key is not whole"),
        (&format!("{key}\n{key}"), "these are several keys"),
        ("", "there is no key"),
    ] {
        let output = setup(lab, text, "touch /run/owned")?;
        ensure!(output.status != 0 && output.stderr.contains(said), "{text}: {}", output.stderr);
    }
    ensure!(
        lab.output("ls /data/root/.ssh /run")?.lines().all(|line| line != "owned" && line != "authorized_keys"),
        "it did more"
    );
    proved("setup_takes_a_key_and_does_nothing_else");

    let seen = lab.machine.console.len();
    enter(lab, "first")?;
    let print = fingerprint(lab, "first")?;
    lab.line(seen, &format!("lunagate: setup: the key {print} is entered (from 192.168.1.1)"))?;
    ensure!(lab.output(KEYS)? == format!("{key}\n"), "the keys are {}", lab.output(KEYS)?);
    logs_in(lab, "first")?;
    is_closed(lab)?;
    proved("who_is_on_the_lan_enters_the_first_key_and_nobody_another");
    Ok(())
}

fn key_is_lost(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let first = public(lab, "first")?;
    // As three cuts of power leave it.
    lab.output("echo 3 a > /data/boots; rm /data/test/first; sync")?;
    let seen = lab.machine.console.len();
    lab.machine.control.reset()?;
    lab.line(seen, "lunagate: failsafe: ")?;
    lab.line(seen, READY)?;
    let second = public(lab, "second")?;
    enter(lab, "second")?;
    ensure!(lab.output(KEYS)? == format!("{first}\n{second}\n"), "the keys are {}", lab.output(KEYS)?);
    logs_in(lab, "second")?;
    is_closed(lab)?;
    proved("who_has_lost_his_key_enters_another_in_a_failsafe_boot");

    lab.restart("reboot")?;
    logs_in(lab, "second")?;
    is_closed(lab)?;
    proved("it_stays_and_the_next_boot_lets_nobody_enter_one");
    Ok(())
}

/// By SSH only that proves that a configuration can be reached.
fn a_new_connection_confirms(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let client = format!("{CLIENT} -i /data/test/second root@192.168.1.1");
    lab.output("echo 'hostname: by-ssh' > /data/by-ssh.yaml")?;
    let both = "lunagate config apply --confirm 600s /data/by-ssh.yaml && lunagate config confirm";
    let output = lab.run(&format!("{client} '{both}' < /dev/null"))?;
    let said = "this connection is older than what is on trial";
    ensure!(output.status != 0 && output.stderr.contains(said), "{} {}", output.status, output.stderr);
    ensure!(lab.output("cat /data/config/trial.yaml")? == "hostname: by-ssh\n", "it is not on trial any more");
    lab.output(&format!("{client} lunagate config confirm < /dev/null"))?;
    ensure!(lab.output("cat /data/config/confirmed.yaml")? == "hostname: by-ssh\n", "it is not confirmed");
    proved("only_a_connection_after_it_confirms_a_trial");
    Ok(())
}

/// Makes the stick's file system, with these files.
fn write(lab: &mut Lab, file_system: &str, keys: &str, config: &str) -> Result<()> {
    let files = format!("printf %s '{keys}' > authorized_keys && printf %s '{config}' > router.yaml");
    lab.output(&format!("{file_system}\nmkdir /mnt/lunagate && (cd /mnt/lunagate && {files}) && umount /mnt")).map(drop)
}

/// The public half of a key in /data/test: its line.
fn public(lab: &mut Lab, key: &str) -> Result<String> {
    Ok(lab.output(&format!("dropbearkey -y -f /data/test/{key} | grep ^ssh-"))?.trim().to_owned())
}

fn fingerprint(lab: &mut Lab, key: &str) -> Result<String> {
    let text = lab.output(&format!("dropbearkey -y -f /data/test/{key} | sed -n 's/^Fingerprint: //p'"))?;
    Ok(text.trim().to_owned())
}

/// What the user setup hears who sends this text, and asks for a command.
fn setup(lab: &mut Lab, text: &str, command: &str) -> Result<qemu::Output> {
    lab.run(&format!("{SERVER}; echo '{text}' | {CLIENT} setup@192.168.1.1 {command}"))
}

fn enter(lab: &mut Lab, key: &str) -> Result<()> {
    let own = "dropbearkey -y -f /data/dropbear/ed25519 | sed -n 's/^Fingerprint: //p'";
    let (print, own) = (fingerprint(lab, key)?, lab.output(own)?);
    let text = public(lab, key)?;
    let output = setup(lab, &text, "")?;
    let said = output.success().context("the key is not entered")?;
    ensure!(said.contains(&print) && said.contains(own.trim()), "{said}");
    Ok(())
}

/// Root does, when the server has started again.
fn logs_in(lab: &mut Lab, key: &str) -> Result<()> {
    lab.output(&format!("until {CLIENT} -i /data/test/{key} root@192.168.1.1 true < /dev/null; do usleep 200000; done"))
        .map(drop)
}

/// The server, which may start again at this moment, asks setup for a key, and setup has none.
fn is_closed(lab: &mut Lab) -> Result<()> {
    let refused = format!("{CLIENT} setup@192.168.1.1 2>&1 < /dev/null | grep -q 'No auth methods could be used'");
    lab.output(&format!("until {refused}; do usleep 200000; done")).map(drop)
}
