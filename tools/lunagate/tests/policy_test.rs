// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy test`: the shipped policies pass, and what is wrong is seen and told by its place.

mod support;

use std::fs;
use std::io::{BufRead, BufReader};

use support::{folder, hook, policy, put, shipped};

/// The verdict of a policy's tests in YAML, and what the command said.
fn tested(script: &str, more: &str, tests: &str) -> (bool, String) {
    let folder = folder(script, more);
    put(&folder, "p/tests/t.yaml", tests);
    policy(folder.path(), &["test", "p"])
}

fn passes(script: &str, more: &str, tests: &str) {
    let (passed, text) = tested(script, more, tests);
    assert!(passed, "{text}");
}

fn fails(script: &str, tests: &str, expected: &str) {
    let (passed, text) = tested(script, "", tests);
    assert!(!passed && text.contains(expected), "expected '{expected}' in\n{text}");
}

/// One case with one packet of UDP.
fn once(expected: &str) -> String {
    format!("- name: n\n  packets:\n    - {{ send: {{ ipv4: {{}}, udp: {{ destination: 9 }}, payload: abcd }}, {expected} }}\n")
}

#[test]
fn shipped_policies_pass_their_tests() {
    let mut arguments = vec!["test".to_owned(), "--coverage".to_owned()];
    for entry in fs::read_dir(shipped()).unwrap() {
        arguments.push(entry.unwrap().file_name().into_string().unwrap());
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let (passed, text) = policy(&shipped(), &arguments);
    println!("{text}");
    assert!(passed, "a test of a policy fails");
    assert!(text.matches("  ok  ").count() >= 90, "tests of policies are missing");
    // What policies share runs in the tests of those that share it, too.
    let scripts = text.lines().filter(|line| line.contains(" lines ran ("));
    let missed: Vec<_> =
        scripts.filter(|line| !line.ends_with("(100 %)") && !shared(line)).map(|line| format!("{line}\n")).collect();
    assert!(missed.is_empty(), "not every line runs in its tests:\n{}", missed.concat());
}

/// Whether a line is of a script whose tests are those of the policies that use it.
fn shared(line: &str) -> bool {
    ["library/stream.lua:", "library/hello.lua:"].iter().any(|script| line.starts_with(script))
}

#[test]
fn scripts_read_the_files_of_their_folder_data() {
    let folder = folder(
        "local lpm, netfilter, nf = require('lpm'), require('netfilter'), require('linux.nf')\n\
         local bad = lpm.load('policies/p/data/bad.list')\n\
         netfilter.register { pf = nf.proto.INET, hooknum = nf.inet.FORWARD, priority = 0,\n\
         hook = function(skb) return bad:match(skb:data(), 12, 4) and 0 or 1 end }\n",
        "",
    );
    put(&folder, "bad.txt", "203.0.113.0/24\n");
    fs::create_dir(folder.path().join("p/data")).unwrap();
    let compiled = std::process::Command::new(env!("CARGO_BIN_EXE_lunagate"))
        .args(["list", "compile", "bad.txt", "-o", "p/data/bad.list"])
        .current_dir(folder.path())
        .status();
    assert!(compiled.unwrap().success());
    put(
        &folder,
        "p/tests/t.yaml",
        "- name: n\n  packets:\n    - { send: { ipv4: { source: 203.0.113.7 }, udp: { destination: 9 } }, verdict: drop }\n    \
         - { send: { ipv4: {}, udp: { destination: 9 } }, verdict: accept }\n",
    );
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(passed, "{text}");
}

#[test]
fn who_watches_sees_each_change() {
    let folder = folder(&hook("return nf.action.ACCEPT"), "");
    put(&folder, "p/tests/t.yaml", &once("verdict: accept"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lunagate"));
    command.args(["policy", "test", "--watch", "p"]).current_dir(folder.path()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut sees = |words: &str| assert!(lines.any(|line| line.contains(words)), "no '{words}'");
    sees("2 passed, 0 failed");
    sees("waiting until a file changes");
    put(&folder, "p/main.lua", &hook("return nf.action.DROP -- not any more"));
    sees("expected accept, got drop");
    sees("1 passed, 1 failed");
    put(&folder, "p/policy.yaml", "name: p\n");
    sees("missing field `description`");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_wrong_verdict_is_told_with_line_and_column() {
    let accept = hook("return nf.action.ACCEPT");
    passes(&accept, "", &once("verdict: accept, decided: nothing, asked: true, log: [], marked: 0"));
    fails(&accept, &once("verdict: drop"), "p/tests/t.yaml:3:7: verdict: expected drop, got accept");
    fails(&accept, &once("verdict: dorp"), "p/tests/t.yaml:3:");
    fails(&accept, &once("verdit: drop"), "unknown field `verdit`");
    fails(&accept, &once("fuel: 1"), "fuel: expected at most 1");
    fails(&accept, &once("connmark: 7"), "connmark: expected 7, got 0");
}

#[test]
fn of_hooks_with_one_priority_the_last_registered_is_asked_first() {
    let hook = |word: &str, priority: i32| {
        format!(
            "netfilter.register {{ pf = nf.proto.INET, hooknum = nf.inet.FORWARD, priority = {priority},\n\
             hook = function() print('{word}') return nf.action.ACCEPT end }}\n"
        )
    };
    let script = format!(
        "local netfilter, nf = require('netfilter'), require('linux.nf')\n{}{}{}{}",
        hook("third", 0),
        hook("second", 0),
        hook("fourth", 1),
        hook("first", -1)
    );
    let folder = folder(&script, "");
    put(&folder, "p/tests/t.yaml", &once("log: [first, second, third, fourth]"));
    let (_, text) = policy(folder.path(), &["test", "p", "--only", "n"]);
    assert!(text.contains("  ok    n "), "{text}");
}

#[test]
fn a_script_makes_so_many_objects_for_all_cpus() {
    let script = |count: u32| {
        format!("local lpm = require('lpm')\nfor _ = 1, {count} do lpm.new {{ '10.0.0.0/8' }} end\n")
            + &hook("return nf.action.ACCEPT")
    };
    passes(&script(1024), "", &once("verdict: accept"));
    fails(
        &script(1025),
        &once("verdict: accept"),
        "the script makes more than 1024 objects for all CPUs while it loads",
    );
}

#[test]
fn an_empty_table_is_a_parameter_without_entries() {
    let script = "local parameters = require('policies.p.parameters')\n".to_owned()
        + &hook("return #parameters.x == 0 and nf.action.ACCEPT or nf.action.DROP");
    let folder = folder(&script, "parameters: { x: [a] }\n");
    let tests = "local test = require('test')\n\
        test.case('empty', function()\n\
          test.same(test.send { ipv4 = {}, udp = { destination = 9 } }, 'drop')\n\
          test.parameters { x = {} }\n\
          test.same(test.send { ipv4 = {}, udp = { destination = 9 } }, 'accept')\n\
          test.parameters {}\n\
          test.same(test.send { ipv4 = {}, udp = { destination = 9 } }, 'drop')\n\
        end)\n";
    put(&folder, "p/tests/t.lua", tests);
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(passed, "{text}");
}

#[test]
fn a_test_in_lua_is_told_with_its_line() {
    let folder = folder(&hook("print('seen') return nf.action.DROP"), "");
    let script = "local test = require('test')\n\
        test.case('first', function()\n\
          local verdict, report = test.send { ipv4 = {}, udp = { destination = 9 } }\n\
          test.same(verdict, 'drop')\n\
          test.same(report.log[1], 'seen')\n\
        end)\n\
        test.case('second', function()\n\
          test.same((test.send('')), 'accept')\n\
        end)\n\
        test.case('third', function() test.send { ipv4 = {}, udp = { port = 9 } } end)\n";
    put(&folder, "p/tests/t.lua", script);
    let junit = folder.path().join("junit.xml");
    let (passed, text) = policy(folder.path(), &["test", "p", "--junit", junit.to_str().unwrap()]);
    assert!(!passed && text.contains("2 passed, 2 failed"), "{text}");
    assert!(text.contains("p/tests/t.lua:8: expected accept, got drop"), "{text}");
    assert!(text.contains("p/tests/t.lua:10: test.send: unknown field `port`"), "{text}");
    let junit = fs::read_to_string(junit).unwrap();
    assert!(junit.contains("name=\"p/tests/t.lua\" tests=\"3\" failures=\"2\""), "{junit}");
    assert!(junit.contains("<failure>p/tests/t.lua:8: expected accept"), "{junit}");
    let (passed, text) = policy(folder.path(), &["test", "p", "--only", "first"]);
    assert!(passed && text.contains("1 passed, 0 failed"), "{text}");
}

#[test]
fn a_call_has_the_manifests_fuel_and_memory_and_fails_with_its_verdict() {
    let endless = hook("while true do end");
    passes(&endless, "", &once("verdict: drop, fails: out of fuel"));
    fails(&endless, &once("verdict: drop"), "the policy failed (fuel)");
    let greedy = hook("return #('x'):rep(400000)");
    passes(&greedy, "", &once("verdict: drop, fails: not enough memory"));
    passes(&hook("return 77"), "", &once("verdict: drop, fails: returned no verdict"));
    fails(&hook("local t t.x = 1"), &once("verdict: drop"), "p/main.lua:4: attempt to index a nil value (local 't')");
}

#[test]
fn a_policy_requires_what_it_is_granted() {
    let folder = folder(&hook("return 1"), "");
    let manifest = fs::read_to_string(folder.path().join("p/policy.yaml")).unwrap();
    put(&folder, "p/policy.yaml", &manifest.replace("capabilities: [netfilter]\n", ""));
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(!passed && text.contains("netfilter: not granted"), "{text}");
}

#[test]
fn hooks_elsewhere_than_the_manifest_says_are_a_failure() {
    let folder = folder("local x = require('netfilter')", "");
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(!passed && text.contains("p/policy.yaml: hooks: it says"), "{text}");
}

#[test]
fn a_table_that_the_script_does_not_make_cannot_be_saved() {
    let folder = folder(&hook("return 1"), "saves: [used]");
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    let words = "p/policy.yaml: saves: the script makes no table 'used'";
    assert!(!passed && text.contains(words), "{text}");
    let makes = format!("require('rcu').lasting('used')\n{}", hook("return 1"));
    let (passed, text) = tested(&makes, "saves: [used]", &once("verdict: accept"));
    assert!(passed, "{text}");
}

#[test]
fn what_a_policy_writes_into_a_packet_is_seen() {
    let write = hook("local d = skb:data() d[28] = 0x41 skb:checksum() return nf.action.ACCEPT, 5");
    let right = "marked: 5, changes: [{ at: 28, hex: '41' }, { at: 26, hex: '5A61' }]";
    let (_, text) = tested(&write, "", &once("verdict: accept"));
    assert!(text.contains("from the IP header on: expected"), "{text}");
    // 'a' became 'A', so the checksum grows by 0x2000.
    let before = tested(&hook("print(skb:data():u16(26)) return 1"), "", &once("log: []")).1;
    let sum: u16 = before.split("got [\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let right = right.replace("5A61", &format!("{:04x}", sum + 0x2000));
    passes(&write, "", &once(&right));
    passes(&hook("skb:resize(40) return 1"), "", &once("length: 40"));
    passes(&hook("skb:resize(30) return 1"), "", &once("length: 30"));
}

#[test]
fn what_was_decided_holds_for_the_flow_and_its_answers() {
    let script = hook(
        "local flow = skb:flow()\nprint(flow:state(), flow:mark(), (select(4, flow:tuple())))\nskb:connmark(7)\n\
         local _, _, _, payload = skb:ports()\n\
         if skb:data()[payload] == 0x79 then return skb:decide(nf.action.ACCEPT) end\nreturn nf.action.ACCEPT",
    );
    let tests = "\
- name: a flow
  flow: { ipv4: {}, udp: { destination: 9 } }
  packets:
    - { send: { payload: no }, decided: nothing, connmark: 7, log: [\"2\\t0\\t40000\"] }
    - { send: { payload: no }, reply: true, decided: nothing, log: [\"3\\t7\\t40000\"] }
    - { send: { payload: yes }, decided: accept, asked: true }
    - { send: { payload: no }, asked: false }
    - { send: { payload: no }, reply: true, asked: false, connmark: 7 }
    - { send: { udp: { source: 1 }, payload: no }, asked: true, connmark: 7, log: [\"2\\t0\\t1\"] }
- name: another router
  packets:
    - { send: { ipv6: {}, udp: { destination: 9 }, payload: yes }, asked: true, decided: accept }
";
    passes(&script, "", tests);
    // A first packet that is dropped begins nothing.
    let drop = hook("return skb:decide(nf.action.DROP)");
    passes(&drop, "", &once("times: 2, asked: true, decided: drop, verdict: drop"));
}

#[test]
fn a_script_whose_hooks_are_in_another_order_on_another_cpu_fails() {
    let by = |walk: &str| {
        let script = format!(
            "local netfilter, nf = require('netfilter'), require('linux.nf')\n\
             local points = {{ first = nf.inet.FORWARD, second = nf.inet.LOCAL_IN }}\n{walk} do\n\
             netfilter.register {{ pf = nf.proto.INET, hooknum = points[name], priority = 0, hook = function() return 1 end }}\nend\n"
        );
        let folder = folder(&script, "");
        let yaml = fs::read_to_string(folder.path().join("p/policy.yaml")).unwrap();
        let more = yaml.replace("hooks: [", "hooks: [{ family: INET, point: LOCAL_IN, priority: 0 }, ");
        put(&folder, "p/policy.yaml", &more);
        put(&folder, "p/tests/t.yaml", &once("verdict: accept"));
        policy(folder.path(), &["test", "p"])
    };
    let (passed, text) = by("for _, name in ipairs { 'first', 'second' }");
    assert!(passed, "{text}");
    let (passed, text) = by("for name in pairs(points)");
    let expected = "the script registers other hooks, or in another order, on one CPU than on another";
    assert!(!passed && text.contains(expected) && text.contains("p/main.lua:4: in"), "{text}");
    // The other states leave nothing behind.
    let loads = "local n = require('rcu').lasting('n') n.n = (n.n or 0) + 1\n";
    passes(&format!("{loads}{}", hook("return n.n == 1 and 0 or 1")), "", &once("verdict: drop"));
}
