// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The repository's policies in the kernel's virtual machine.

mod support;

use std::fs;

use support::{machine, machine_for, policies, root, run, LIMITS};

#[test]
fn policies_pass_their_own_tests() {
    let mut ran = 0;
    let tests = policies().into_iter().map(|policy| (policy.manifest.name.clone(), Some(policy)));
    for (folder, policy) in tests.chain([("library".to_owned(), None)]) {
        let folder = root().join(folder).join("tests");
        for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let machine = policy.as_ref().map_or_else(machine, machine_for);
            run(&machine, &name, &fs::read_to_string(&path).unwrap());
            ran += 1;
        }
    }
    assert!(ran >= 3, "tests of policies are missing: there are {ran}");
}

#[test]
fn manifests_say_where_the_scripts_hook() {
    for policy in policies() {
        let name = &policy.manifest.name;
        let machine = machine_for(&policy);
        run(&machine, name, &format!("require('policies.{name}.{}')", policy.manifest.entry));
        run(&machine, name, &format!("assert(#HOOKS == {}, 'so many: ' .. #HOOKS)", policy.manifest.hooks.len()));
        for (index, hook) in policy.manifest.hooks.iter().enumerate() {
            let check = format!(
                "local hook = HOOKS[{}]\nassert(hook.pf == {} and hook.hooknum == {} and hook.priority == {})",
                index + 1,
                hook.pf,
                hook.hooknum,
                hook.priority
            );
            run(&machine, name, &check);
        }
    }
}

/// What the worst packets cost, each policy's with its budget. The prelude's packets cost more
/// fuel than the kernel's: their functions are Lua.
#[test]
fn worst_packets_stay_within_the_budget() {
    let worst = [
        ("sni-block", include_str!("support/worst_hellos.lua")),
        ("dns-block", include_str!("support/worst_queries.lua")),
    ];
    for (name, packets) in worst {
        let policy = policies().into_iter().find(|policy| policy.manifest.name == name).unwrap();
        let budget = policy.manifest.budget;
        let machine = machine_for(&policy);
        run(&machine, name, &format!("require('policies.{name}.{}')", policy.manifest.entry));
        run(&machine, "packets", packets);
        // Each packet is a chunk, as in the kernel it is a call: it begins with new fuel.
        let mut most = 0;
        for _ in 0..10_000 {
            run(&machine, "packet", "current = next_packet()");
            run(&machine, "verdict", "if current then verdict(current) end");
            most = most.max(LIMITS.fuel - machine.lua().fuel());
            if machine.run("end", b"assert(current)") != kernel_lua::Outcome::Ran {
                break;
            }
        }
        println!("{name}: at most {most} units of fuel, {} bytes with the packets", machine.peak());
        assert!(most > 100, "{name}: the packets were not judged: {most} units");
        let memory = usize::try_from(budget.memory).unwrap();
        assert!(machine.peak() < memory, "{name}: held {} bytes of {memory}", machine.peak());
        assert!(most < budget.fuel, "{name}: a packet takes {most} units of {}", budget.fuel);
    }
}
