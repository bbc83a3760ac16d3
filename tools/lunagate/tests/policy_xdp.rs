// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy test` of scripts at XDP, which the module for the kernel judges.

mod support;

use std::fs;

use support::{policy, put};
use tempfile::TempDir;

/// A folder with the policy `p`, whose function at XDP has this body, of the frame `frame`.
fn folder(body: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = "name: p\ndescription: For a test\nhooks: [{ family: XDP, interfaces: [wan] }]\n\
                    capabilities: [xdp]\nbudget: { fuel: 20000, memory: 256KiB }\nfail: drop\n";
    put(&folder, "p/policy.yaml", manifest);
    let script = format!(
        "local xdp, action, linux = require('xdp'), require('linux.xdp'), require('linux')\n\
         xdp.attach(function(frame)\n{body}\nend)\n"
    );
    put(&folder, "p/main.lua", &script);
    folder
}

/// Runs tests, in Lua, on such a policy.
fn tested(body: &str, tests: &str) -> (bool, String) {
    let folder = folder(body);
    put(&folder, "p/tests/t.lua", &format!("local test = require('test')\ntest.case('t', function()\n{tests}\nend)\n"));
    policy(folder.path(), &["test", "p"])
}

fn passes(body: &str, tests: &str) {
    let (passed, text) = tested(body, tests);
    assert!(passed, "{text}");
}

const DATAGRAM: &str = "{ ipv4 = {}, udp = { source = 5000, destination = 9 }, payload = 'ping' }";

#[test]
fn actions_are_verdicts() {
    for (action, verdict) in [("PASS", "accept"), ("DROP", "drop"), ("TX", "tx"), ("ABORTED", "aborted")] {
        passes(&format!("return action.{action}"), &format!("test.same((test.send {DATAGRAM}), '{verdict}')"));
    }
}

#[test]
fn a_script_at_an_interface_sees_no_other() {
    let tests = format!(
        "test.same((test.send({DATAGRAM}, {{ interface = 'eth1' }})), 'accept')\n\
         test.same((test.send({DATAGRAM}, {{ interface = 'eth0' }})), 'drop')\n\
         -- What comes in by any path passes XDP first, and what the router sends does not.\n\
         test.same((test.send({DATAGRAM}, {{ interface = 'eth0', path = 'input' }})), 'drop')\n\
         test.same((test.send({DATAGRAM}, {{ interface = 'eth0', path = 'output' }})), 'accept')"
    );
    passes("return action.DROP", &tests);
}

#[test]
fn a_reply_is_seen() {
    let tests = format!(
        "local verdict, report = test.send {DATAGRAM}\n\
         test.same(verdict, 'tx')\n\
         local asked = test.packet {DATAGRAM}\n\
         test.same(report.bytes:sub(13, 20), asked:sub(17, 20) .. asked:sub(13, 16))\n\
         test.same(report.bytes:sub(21, 24), asked:sub(23, 24) .. asked:sub(21, 22))\n\
         test.same(report.bytes:sub(29), 'pong pong')\n\
         test.same(report.frame:sub(1, 12), '\\2\\0\\0\\0\\0\\1\\2\\0\\0\\0\\0\\2')"
    );
    passes("return xdp.udp_reply('pong pong')", &tests);
}

#[test]
fn a_packet_is_redirected_to_an_interface_that_is_there() {
    let tests = format!(
        "local verdict, report = test.send {DATAGRAM}\n\
         test.same(verdict, 'redirect')\n\
         test.same(report.redirected, 2)"
    );
    passes("return xdp.redirect(linux.ifindex('eth1'))", &tests);
    let tests =
        format!("local verdict, report = test.send({DATAGRAM}, {{ fails = true }})\ntest.same(verdict, 'drop')");
    passes("return xdp.redirect(77)", &tests);
    passes("return action.REDIRECT", &tests);
}

#[test]
fn frames_grow_and_shrink_within_their_room() {
    let body = "local length = #frame\n\
                assert(xdp.length() == length and not xdp.fragmented() and xdp.queue() == 0)\n\
                xdp.adjust_tail(100) assert(#frame == length + 100 and frame[length] == 0)\n\
                xdp.adjust_tail(-100) assert(#frame == length)\n\
                xdp.adjust_head(-200) assert(#frame == length + 200)\n\
                xdp.adjust_head(200) assert(#frame == length)\n\
                assert(not pcall(xdp.adjust_head, -300) and not pcall(xdp.adjust_head, length - 13))\n\
                assert(not pcall(xdp.adjust_tail, 4000) and not pcall(xdp.adjust_tail, 13 - length))\n\
                local action, why = xdp.forward()\n\
                assert(why == 'not_fwded', why)\n\
                xdp.adjust_tail(-4)\n\
                return action";
    let tests = format!(
        "local verdict, report = test.send {DATAGRAM}\n\
         test.same(verdict, 'accept')\n\
         test.same(#report.bytes, 20 + 8)"
    );
    passes(body, &tests);
}

#[test]
fn the_tag_of_a_vlan_is_in_the_frame() {
    let tests = "local tagged = { ethernet = { vlan = 7 }, ipv4 = {}, udp = { destination = 9 } }\n\
                 test.same((test.send(tagged)), 'drop')\n\
                 test.same((test.send { ipv4 = {}, udp = { destination = 9 } }), 'accept')";
    passes("return frame:u16(12) == 0x8100 and frame:u16(14) == 7 and action.DROP or action.PASS", tests);
}

#[test]
fn two_routers_of_one_policy_have_each_their_own_function() {
    let body = "count = (count or 0) + 1 return count > 1 and action.DROP or action.PASS";
    let tests = format!("test.same((test.send {DATAGRAM}), 'accept')\ntest.same((test.send {DATAGRAM}), 'drop')");
    let folder = folder(body);
    for file in ["a", "b"] {
        let cases: String =
            ["one", "two"].map(|name| format!("test.case('{name}', function() {tests} end)\n")).concat();
        put(&folder, &format!("p/tests/{file}.lua"), &format!("local test = require('test')\n{cases}"));
    }
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(passed && text.contains("5 passed"), "{text}");
}

#[test]
fn a_script_that_is_not_at_xdp_as_its_manifest_says_fails_its_tests() {
    let folder = folder("return action.PASS");
    fs::write(folder.path().join("p/main.lua"), "return 1\n").expect("a file");
    let (passed, text) = policy(folder.path(), &["test", "p"]);
    assert!(!passed && text.contains("it says that it is at XDP, the script is not at XDP"), "{text}");
}
