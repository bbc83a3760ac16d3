// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy check`: what is wrong is told by its place, and what is right is not told.

mod support;

use std::fs;

use support::{folder, hook, policy, put, shipped};

/// What is said of a script.
fn checked(script: &str) -> (bool, String) {
    let folder = folder(script, "parameters: { port: 23 }\n");
    policy(folder.path(), &["check", "p"])
}

fn wrong(script: &str, expected: &[&str]) {
    let (good, text) = checked(script);
    assert!(!good, "nothing is wrong with: {script}");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), expected.len(), "of: {script}\n{text}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("p/{expected}")), "expected '{expected}' in\n{text}");
    }
}

#[test]
fn shipped_policies_are_right() {
    let mut arguments = vec!["check".to_owned()];
    for entry in fs::read_dir(shipped()).unwrap() {
        arguments.push(entry.unwrap().file_name().into_string().unwrap());
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let (good, text) = policy(&shipped(), &arguments);
    assert!(good && text.contains("policies/sni-block/main softirq fuel="), "{text}");
}

/// Their tests see that the scripts hook where the manifests say.
#[test]
fn policies_that_answer_or_follow_streams_come_after_the_firewall() {
    for name in ["dns-block", "doh-block", "sni-block"] {
        let manifest = fs::read_to_string(shipped().join(name).join("policy.yaml")).unwrap();
        let hooks: Vec<_> = manifest.lines().filter(|line| line.contains("priority: ")).collect();
        assert!(!hooks.is_empty() && hooks.iter().all(|hook| hook.ends_with(", priority: 1 }")), "{name}: {hooks:?}");
    }
}

#[test]
fn what_the_kernels_lua_does_not_compile_is_told_by_line_and_column() {
    wrong("local x = 1\n  local = 2\n", &["main.lua:2:9: <name> expected near '='"]);
    wrong("return {\n", &["main.lua:2:1: unexpected symbol near <eof>"]);
    wrong("local x = ('a'\nlocal y\n", &["main.lua:2:1: ')' expected (to close '(' at line 1) near 'local'"]);
}

#[test]
fn arithmetic_that_the_kernel_lacks_is_told() {
    wrong("local x = 2 * 1.5\n", &["main.lua:1:15: 1.5 is no integer"]);
    wrong(
        "local x = 1e3\nlocal y = x ^ 2\n",
        &["main.lua:1:11: 1e3 is no integer", "main.lua:2:13: the kernel's Lua has no powers"],
    );
    wrong("local x = 7 / 2\n", &["main.lua:1:13: a division has no fraction"]);
    let (good, text) =
        checked("local x = 7 // 2 -- 7 / 2 is 3.5\nlocal y = '1.5 ^ 2' .. 0xe5 .. 1 .. [[2 / 3]]\nreturn x, y\n");
    assert!(good, "{text}");
}

#[test]
fn globals_by_accident_are_told() {
    wrong("local function f() count = 1 end\nreturn f\n", &["main.lua:1:20: 'count' is a global"]);
    wrong("function f() end\n", &["main.lua:1:10: 'f' is a global"]);
    wrong("local x = pirnt\nreturn x\n", &["main.lua:1:11: 'pirnt' is a global that nobody sets"]);
    // Globals of a function with more constants than an instruction can name.
    let many: String = (0..400).map(|n| format!("t[{n}] = 'constant {n}'\n")).collect();
    wrong(
        &format!("local t = {{}}\n{many}late = 1\nreturn t, later\n"),
        &["main.lua:402:1: 'late' is a global: ", "main.lua:403:11: 'later' is a global that nobody sets"],
    );
    wrong("return io.open('x')\n", &["main.lua:1:8: 'io' is a global that nobody sets"]);
    let (good, text) = checked(
        "local count = 0\nlocal function f() count = count + 1 end\nlocal t = {} t.x = 1\nprint(f, t, _G, _VERSION, _LUNATIK_VERSION)\n",
    );
    assert!(good, "{text}");
}

#[test]
fn undeclared_capabilities_and_parameters_and_missing_files_are_told() {
    wrong("local m = require('conntrack')\nreturn m", &["main.lua:1:19: 'conntrack' needs the capability conntrack"]);
    wrong("local m = require \"socket.inet\"\nreturn m", &["main.lua:1:19: 'socket.inet' needs the capability socket"]);
    wrong(
        "local l, m = require('linux'), require('linux.eth')\nreturn l.time(), l.lookup('x'), m",
        &["main.lua:2:20: 'linux.lookup' is a capability"],
    );
    wrong(
        "local p = require('policies.p.parameters')\nreturn p.port, p.prot",
        &["main.lua:2:18: policy.yaml declares no parameter 'prot'"],
    );
    wrong("return require('policies.p.parameters').prot", &["main.lua:1:41: policy.yaml declares no parameter 'prot'"]);
    wrong("return require('policies.library.none')", &["main.lua:1:16: there is no policies/library/none.lua"]);
    let right = format!("local parameters = require('policies.p.parameters')\n{}", hook("return parameters.port"));
    let (good, text) = checked(&right);
    assert!(good && text.starts_with("policies/p/main softirq"), "{text}");
}

#[test]
fn the_capabilities_of_libraries_are_those_of_what_they_stand_on() {
    for (module, capability) in
        [("xtables", "xtables"), ("nflua", "xtables"), ("governors.ondemand", "cpufreq"), ("netlink.rt", "socket")]
    {
        let expected = format!("main.lua:1:16: '{module}' needs the capability {capability}");
        wrong(&format!("return require('{module}')\n"), &[&expected]);
    }
    let (good, text) = checked("return require('netlink.message')\n");
    assert!(good, "{text}");
}

#[test]
fn a_script_in_a_task_has_the_files_that_it_is_granted() {
    let check = |capabilities: &str| {
        let folder = tempfile::tempdir().unwrap();
        let manifest = format!(
            "name: p\ndescription: For a test\ncontext: process\ncapabilities: [{capabilities}]\n\
             budget: {{ fuel: 20000, memory: 256KiB }}\nfail: drop\n"
        );
        put(&folder, "p/policy.yaml", &manifest);
        put(&folder, "p/main.lua", "return io.open('/proc/uptime')\n");
        policy(folder.path(), &["check", "p"])
    };
    let (good, text) = check("io");
    assert!(good, "{text}");
    let (good, text) = check("");
    assert!(!good && text.starts_with("p/main.lua:1:8: 'io' needs the capability io"), "{text}");
}

#[test]
fn what_the_library_needs_the_policy_needs() {
    let folder = folder("local l = require('policies.library.a')\nreturn l", "");
    put(&folder, "library/a.lua", "return require('policies.library.b')\n");
    put(&folder, "library/b.lua", "return require('probe')\n");
    let (good, text) = policy(folder.path(), &["check", "p"]);
    assert!(!good && text.starts_with("library/b.lua:1:16: 'probe' needs the capability probe"), "{text}");
}

#[test]
fn a_manifest_is_told_by_line_and_column() {
    let folder = folder("return 1", "parameter: { a: 1 }\n");
    let (good, text) = policy(folder.path(), &["check", "p"]);
    assert!(!good && text.contains("p/policy.yaml:7:1: unknown field `parameter`"), "{text}");
}

#[test]
fn calls_that_the_context_does_not_allow_are_told() {
    let hooked = |body: &str| {
        format!(
            "local set, linux, netfilter = require('set'), require('linux'), require('netfilter')\n{body}\n\
             netfilter.register {{ hook = verdict, pf = 1, hooknum = 2 }}\nreturn set, linux\n"
        )
    };
    // Of another context, wherever it is called.
    wrong(
        "local linux = require('linux')\nlinux.schedule(10)\n",
        &["main.lua:2:7: 'linux.schedule' is for process scripts"],
    );
    wrong(
        "local linux <const> = require('linux')\nlocal sleep <const> = linux.schedule\nsleep(1)\n",
        &["main.lua:2:29: 'linux"],
    );
    wrong("require('linux').schedule(10)\n", &["main.lua:1:18: 'linux.schedule' is for process scripts"]);
    // Only while the script loads.
    wrong(
        &hooked("local function verdict()\n  return set.load('x'):has('y') and 0\nend"),
        &["main.lua:3:14: 'set.load' is refused after the script has loaded, as in the hook 'verdict'"],
    );
    wrong(
        &hooked("local load <const> = set.load\nlocal verdict = function()\n  if x then load('x') end\nend\nlocal late = load('y')\nprint(late)")
            .replace("if x", "if set"),
        &["main.lua:4:15: 'set.load' is refused"],
    );
    // What a hook calls.
    wrong(
        &hooked("local flows = {}\nfunction flows.read() return require('set').load('x') end\nlocal function verdict() while true do return flows.read() end end"),
        &["main.lua:3:45: 'set.load' is refused after the script has loaded, as in the hook 'verdict'"],
    );
    wrong(
        "require('netfilter').register { hook = function() return require('set') end, pf = 1, hooknum = 2 }\n",
        &["main.lua:1:66: 'require' of what was not required before is refused after the script has loaded, as in the hook 'hook'"],
    );
    wrong(
        "local timer, xdp = require('timer'), require('xdp')\ntimer.every(10, function(t)\n  for i = 1, 2 do xdp.attach(print) end\nend)\n",
        &["main.lua:1:46: 'xdp' needs the capability xdp", "main.lua:3:23: 'xdp.attach' is refused"],
    );
    wrong(
        "local register <const> = require('netfilter').register\nlocal lpm = require('lpm')\n\
         register { hook = function() return lpm.load('x') end, pf = 1, hooknum = 2 }\n",
        &["main.lua:3:41: 'lpm.load' is refused"],
    );
    // What it calls while it loads, and fields of others.
    let (good, text) = checked(&hooked(
        "local function read() return set.load('x') end\nlocal words, other = read(), { load = print, schedule = print }\n\
         local function verdict(skb)\n  repeat other.load('x') other.schedule() until words:has(skb) return 1\nend\n\
         local function late() set.load('y') end\nlate()",
    ));
    assert!(good, "{text}");
    // A process script may.
    let folder = folder("require('linux').schedule(10)\nrequire('netfilter').register {}\n", "");
    put(
        &folder,
        "p/policy.yaml",
        "name: p\ndescription: For a test\ncontext: process\ncapabilities: [netfilter]\nbudget: { fuel: 1000, memory: 256KiB }\nfail: drop\n",
    );
    let (good, text) = policy(folder.path(), &["check", "p"]);
    assert!(!good && text.starts_with("p/main.lua:2:22: 'netfilter.register' is for softirq scripts"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}
