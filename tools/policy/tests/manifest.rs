// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Manifests: what they say, and that a wrong one is told by place and with the way out.

use std::fs;

use policy::{Budget, Context, Fail, Policy, Quarantine, Role, Scalar, Value};

const GOOD: &str = "\
name: example
description: Drops nothing
entry: start.lua
context: softirq
hooks:
  - { family: INET, point: FORWARD, priority: FILTER }
  - { family: BRIDGE, point: LOCAL_IN, priority: -7 }
budget:
  fuel: 5000
  memory: 1 MiB
fail: drop
capabilities: [netfilter, linux.lookup]
quarantine: { faults: 20, window: 5s }
parameters:
  count: -3
  flag: true
  text: \"say \\\"hi\\\"\"
  list: [a, 2, false]
  country: no
";

/// Opens a folder `example` that has this manifest.
fn open(manifest: &str) -> Result<Policy, String> {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("example");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("policy.yaml"), manifest).unwrap();
    for file in ["main.lua", "start.lua"] {
        fs::write(folder.join(file), "return 1\n").unwrap();
    }
    let place = format!("{}/", folder.display());
    Policy::open(&folder).map_err(|error| error.to_string().replace(&place, ""))
}

#[test]
fn a_manifest_resolves() {
    let manifest = open(GOOD).unwrap().manifest;
    assert_eq!((manifest.name.as_str(), manifest.entry.as_str()), ("example", "start"));
    assert_eq!((manifest.context, manifest.fail), (Context::Softirq, Fail::Drop));
    assert_eq!(manifest.budget, Budget { fuel: 5000, memory: 1 << 20 });
    assert_eq!(manifest.capabilities, ["netfilter", "linux.lookup"]);
    assert_eq!(manifest.quarantine, Some(Quarantine { faults: 20, window: 5000 }));
    let hooks: Vec<_> = manifest.hooks.iter().map(|hook| (hook.pf, hook.hooknum, hook.priority)).collect();
    assert_eq!(hooks, [(1, 2, 0), (7, 1, -7)]);
    let text = |text: &str| Scalar::String(text.to_owned());
    let values: Vec<_> = manifest.parameters.into_iter().collect();
    let expected = [
        ("count", Value::Scalar(Scalar::Integer(-3))),
        ("country", Value::Scalar(text("no"))),
        ("flag", Value::Scalar(Scalar::Boolean(true))),
        ("list", Value::List(vec![text("a"), Scalar::Integer(2), Scalar::Boolean(false)])),
        ("text", Value::Scalar(text("say \"hi\""))),
    ];
    assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)));
}

#[test]
fn what_is_left_out_has_a_default() {
    let least = "name: example\ndescription: Does\nbudget: { fuel: 1, memory: 16384 }\nfail: accept\n";
    let policy = open(least).unwrap();
    assert_eq!(
        policy.manifest.boot_line(),
        "policies/example/main softirq fuel=1 memory=16384 fail=accept capabilities="
    );
    assert!(policy.manifest.hooks.is_empty() && policy.manifest.parameters.is_empty());
}

#[test]
fn the_boot_line_has_all_that_the_kernel_is_told() {
    assert_eq!(
        open(GOOD).unwrap().manifest.boot_line(),
        "policies/example/start softirq fuel=5000 memory=1048576 fail=drop faults=20 window=5000 \
         capabilities=netfilter,linux.lookup"
    );
    let defaulted = GOOD.replace(", window: 5s", "");
    assert_eq!(open(&defaulted).unwrap().manifest.quarantine, Some(Quarantine { faults: 20, window: 10_000 }));
}

const AT_XDP: &str = "  - { family: XDP, interfaces: [lan, wan] }\n";

/// The good manifest with a hook at XDP, and the capability for it.
fn at_xdp() -> String {
    GOOD.replace("budget:", &format!("{AT_XDP}budget:")).replace("[netfilter,", "[netfilter, xdp,")
}

#[test]
fn a_hook_at_xdp_is_at_interfaces_by_their_roles() {
    let manifest = open(&at_xdp()).unwrap().manifest;
    assert_eq!(manifest.xdp.into_iter().collect::<Vec<_>>(), [Role::Wan, Role::Lan]);
    assert_eq!(manifest.hooks.len(), 2);
    for (bad, expected) in [
        ("{ family: XDP }", "8:5: a hook at XDP names its interfaces: [wan], or others of wan, lan"),
        ("{ family: XDP, interfaces: [] }", "8:5: a hook at XDP names its interfaces"),
        ("{ family: XDP, interfaces: [eth0] }", "8:33: interface 'eth0' is none of wan, lan"),
        ("{ family: XDP, interfaces: [wan], point: FORWARD }", "8:5: a hook at XDP has neither point nor priority"),
        ("{ family: INET, point: FORWARD }", "8:5: a hook has a family, a point and a priority"),
        ("{ family: INET, point: FORWARD, priority: 0, interfaces: [wan] }", "8:5: a hook has a family"),
    ] {
        let said = open(&at_xdp().replace(AT_XDP, &format!("  - {bad}\n"))).map(drop).unwrap_err();
        assert!(said.contains(&format!("policy.yaml:{expected}")), "{bad}: {said}");
    }
    let said = open(&at_xdp().replace(" xdp,", "")).map(drop).unwrap_err();
    assert!(said.contains("8:5: a hook at XDP needs the capability xdp"), "{said}");
}

#[test]
fn amounts_of_memory_have_suffixes() {
    for (written, bytes) in [("65536", 65536), ("64KiB", 64 << 10), ("\"64 KiB\"", 64 << 10), ("2MiB", 2 << 20)] {
        let manifest = GOOD.replace("1 MiB", written);
        assert_eq!(open(&manifest).unwrap().manifest.budget.memory, bytes, "{written}");
    }
}

/// In the good manifest, this instead of that gives an error that begins and reads so.
#[test]
fn each_mistake_is_told_by_place_and_with_the_way_out() {
    let mistakes = [
        ("name: example", "name: Example", "1:7: name 'Example': use up to 64 lower-case letters"),
        ("name: example", "name: other", "1:7: name 'other' in a folder called 'example': rename either"),
        ("name: example", "name: library", "1:7: name 'library' is taken"),
        ("name: example\n", "", "13:1: missing field `name`: every file of this kind has it"),
        ("description: Drops nothing", "description: ''", "2:14: an empty description"),
        (
            "description: Drops nothing",
            "description: \"Drops\\n  may use nothing\"",
            "2:14: the description has a second line",
        ),
        (
            "  flag: true",
            "  flag: { default: true, description: \"\\e[8m\" }",
            "16:3: the description of parameter flag has a",
        ),
        ("entry: start.lua", "entry: start", "3:8: entry 'start': give a Lua file of this folder"),
        ("entry: start.lua", "entry: ../start.lua", "3:8: entry '../start.lua': give a Lua file"),
        ("entry: start.lua", "entry: parameters.lua", "3:8: entry 'parameters.lua': give a Lua file"),
        ("context: softirq", "context: softrq", "4:10: context 'softrq' is none of process, softirq, hardirq"),
        ("context: softirq", "context: process", "6:5: hooks need the context softirq, not process"),
        ("family: INET", "family: inet", "6:15: family 'inet' is none of INET, IPV4, BRIDGE, IPV6"),
        ("point: FORWARD", "point: FORWRAD", "6:28: point 'FORWRAD' is none of PRE_ROUTING, LOCAL_IN, FORWARD"),
        ("priority: FILTER", "priority: FLITER", "6:47: priority is an integer of 32 bits or one of CONNTRACK_DEFRAG"),
        ("priority: -7", "priority: FILTER", "7:50: priority is an integer of 32 bits or one of NAT_DST_BRIDGED"),
        ("priority: -7", "priority: 3000000000", "7:50: priority is an integer of 32 bits"),
        ("priority: -7", "prio: -7", "7:40: unknown field `prio`"),
        ("fuel: 5000", "fuel: 0", "9:9: fuel is an integer from 1 to 1000000000"),
        ("fuel: 5000", "fuel: lots", "9:9: fuel is an integer from 1 to 1000000000"),
        ("  fuel: 5000\n", "", "9:3: missing field `fuel`: every file of this kind has it"),
        ("memory: 1 MiB", "memory: 1 MB", "10:11: memory '1 MB': give a number, alone or with KiB, MiB, GiB"),
        ("memory: 1 MiB", "memory: 1KiB", "10:11: memory is an integer from 16384 to 16777216"),
        ("memory: 1 MiB", "memory: -1KiB", "10:11: memory '-1KiB': give a number"),
        ("fail: drop", "fail: reject", "11:7: fail 'reject' is neither accept nor drop"),
        ("fail: drop", "fial: drop", "11:1: unknown field `fial`"),
        ("linux.lookup]", "linux..lookup]", "12:27: capability 'linux..lookup': give a module's name or a function's"),
        ("[netfilter,", "[\"net filter\",", "12:16: capability 'net filter': give a module's name"),
        ("fail: drop", "conflicts: [Other]\nfail: drop", "11:13: name 'Other': use up to 64 lower-case letters"),
        ("fail: drop", "saves: [a, b/c]\nfail: drop", "11:12: table 'b/c': use up to 64 letters, digits, _ and -"),
        ("fail: drop", "former: [gone, count]\nfail: drop", "11:16: 'count' is a parameter still"),
        ("fail: drop", "conflicts: [a, example]\nfail: drop", "11:16: 'example' is this policy"),
        ("faults: 20", "faults: -1", "13:23: faults is an integer from 0 to 1000000000"),
        ("window: 5s", "window: 5 days", "13:35: window '5 days': give a number, alone or with ms, s, min, h"),
        ("window: 5s", "window: 0", "13:35: window, in milliseconds, is an integer from 1 to 86400000"),
        ("window: 5s", "windw: 5s", "13:27: unknown field `windw`"),
        ("count: -3", "2count: -3", "15:3: parameter '2count' is no Lua name"),
        ("count: -3", "count: 1.5", "15:10: a number with a fraction or exponent: the kernel's Lua has integers only"),
        ("count: -3", "count: 9223372036854775808", "15:10: an integer beyond 64 bits with sign"),
        ("count: -3", "count: { a: 1 }", "15:10: 'a' is none of type, default"),
        ("count: -3", "count: [[1]]", "15:11: invalid type: sequence, expected a string, an integer, true or false"),
        ("count: -3", "count: ~", "15:3: invalid type: unit value, expected a string"),
        ("flag: true", "count: 1", "16:3: duplicate mapping key: count"),
        ("  list: [a", "  list: [a\n x: y", "19:3: "),
    ];
    let mut wrong = Vec::new();
    for (good, bad, expected) in mistakes {
        assert!(GOOD.contains(good), "{good}");
        let error = open(&GOOD.replacen(good, bad, 1)).expect_err(bad);
        println!("{error}");
        let one_place = !error.contains('\n') && !error.contains(" at line ");
        if !(one_place && error.starts_with(&format!("policy.yaml:{expected}"))) {
            wrong.push(format!("{bad}\n  gives    {error}\n  expected policy.yaml:{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_that_do_not_fit_are_told() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("example");
    let open = || format!("{:#}", anyhow::Error::from(Policy::open(&folder).unwrap_err()));
    assert!(open().contains("cannot read") && open().contains("example"), "{}", open());
    fs::create_dir(&folder).unwrap();
    assert!(open().contains("cannot read") && open().contains("policy.yaml"), "{}", open());
    fs::write(folder.join("policy.yaml"), GOOD).unwrap();
    assert!(open().ends_with("start.lua: it is the entry of policy.yaml, and not there"), "{}", open());
    fs::write(folder.join("start.lua"), "").unwrap();
    fs::write(folder.join("parameters.lua"), "").unwrap();
    assert!(open().contains("parameters.lua: this file is made from the manifest"), "{}", open());
    fs::remove_file(folder.join("parameters.lua")).unwrap();
    fs::write(folder.join("a.b.lua"), "").unwrap();
    assert!(open().contains("a.b.lua: scripts cannot require this name"), "{}", open());
}

#[test]
fn parameters_may_have_a_type() {
    let typed = |parameter: &str| open(&GOOD.replace("  country: no\n", &format!("  zone: {parameter}\n")));
    let manifest = typed("{ type: time_zone, default: UTC0 }").unwrap().manifest;
    assert_eq!(manifest.parameters["zone"], Value::Scalar(Scalar::String("UTC0".to_owned())));
    assert_eq!(manifest.types.into_iter().collect::<Vec<_>>(), [("zone".to_owned(), policy::Type::TimeZone)]);
    let lan = typed("{ type: lan_interface, default: eth1 }").unwrap().manifest;
    assert_eq!(lan.types["zone"], policy::Type::LanInterface);
    let described = typed("{ default: [a, 'b c', 7, true], description: What it is for }").unwrap().manifest;
    assert_eq!(described.descriptions["zone"], "What it is for");
    assert_eq!(described.parameters["zone"].to_string(), "[a, \"b c\", 7, true]");
    assert!(described.types.is_empty());
    let wan = typed("{ type: wan_interface, default: eth0 }").unwrap().manifest;
    assert_eq!(wan.types["zone"], policy::Type::WanInterface);
    for (parameter, words) in [
        ("{ type: time_zone, default: Europe/Berlin }", "no offset from UTC at '/Berlin'"),
        ("{ type: time_zone, default: 1 }", "a time zone is a text"),
        ("{ type: lan_interface, default: a/b }", "an interface is its name"),
        ("{ type: colour, default: red }", "type 'colour' is none of lan_interface, wan_interface, time_zone"),
        ("{ type: time_zone }", "a parameter has a default"),
        ("{ type: time_zone, standard: UTC0 }", "'standard' is none of type, default, description"),
    ] {
        let said = typed(parameter).unwrap_err();
        assert!(said.contains("policy.yaml:19:") && said.contains(words), "{parameter}: {said}");
    }
}

#[test]
fn a_policy_runs_unless_its_manifest_says_otherwise() {
    assert!(open(GOOD).unwrap().manifest.enabled);
    assert!(!open(&format!("{GOOD}enabled: false\n")).unwrap().manifest.enabled);
}
