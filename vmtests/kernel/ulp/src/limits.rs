// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts, and those who set them, may not do.

use std::fs;
use std::io::{Read, Write};

use crate::pair::{connect, filtered, lunatik, next, plain};
use crate::socket::{self, errno, CAPABILITIES, ENTRYPOINT, FAIL, FUEL, LOADSCRIPT, MEMORY, PROBLEM, SOL_LUA};
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] = &[
    ("options are checked", options),
    ("scripts are checked", scripts),
    ("a script has what it is granted", capabilities),
    ("a script that fails resets", failures),
    ("a script that fails lets pass if that was said", accepts),
    ("a script that fails too often is asked no more", quarantined),
];

fn options(address: &str) -> Outcome {
    let listener = plain(address)?;
    let set = |option, value: &[u8]| errno(socket::set(&listener, SOL_LUA, option, value));
    same("an entry point of nothing", set(ENTRYPOINT, b"f"), libc::EINVAL)?;
    same("an option that there is not", set(99, b"f"), libc::ENOPROTOOPT)?;
    for fuel in [0i64, -1, i64::MAX] {
        same("no fuel", set(FUEL, &fuel.to_ne_bytes()), libc::EINVAL)?;
    }
    same("half a number", set(FUEL, b"x"), libc::EINVAL)?;
    same("little memory", set(MEMORY, &1i32.to_ne_bytes()), libc::EINVAL)?;
    same("another verdict", set(FAIL, b"perhaps"), libc::EINVAL)?;
    same("a long list", set(CAPABILITIES, &[b'x'; 2000]), libc::EINVAL)?;
    same("a long script", set(LOADSCRIPT, &vec![b' '; 65537]), libc::EMSGSIZE)?;
    let script = &b"function f() return true end g = 1"[..];
    for name in [&b"h"[..], b"g"] {
        same("a script", set(LOADSCRIPT, script), 0)?;
        same("another script", set(LOADSCRIPT, b"f = 1 "), libc::EBUSY)?;
        same("a limit that comes late", set(FUEL, &1000i32.to_ne_bytes()), libc::EBUSY)?;
        same("a long name", set(ENTRYPOINT, &[b'f'; 64]), libc::EINVAL)?;
        same("two names", set(ENTRYPOINT, b"f\0f"), libc::EINVAL)?;
        same("an entry point that is none", set(ENTRYPOINT, name), libc::ENOENT)?;
        same("an entry point of what was taken back", set(ENTRYPOINT, b"f"), libc::EINVAL)?;
    }
    same("a limit", set(FUEL, &1000i32.to_ne_bytes()), 0)?;
    same("a script that stays", set(LOADSCRIPT, script), 0)?;
    same("an entry point", set(ENTRYPOINT, b"f"), 0)?;
    same("another entry point that is none", set(ENTRYPOINT, b"h"), libc::ENOENT)?;
    same("a script in its place", set(LOADSCRIPT, script), libc::EBUSY)?;
    let again = socket::set(&listener, libc::SOL_TCP, libc::TCP_ULP, b"lua");
    same("the protocol once more", errno(again), libc::EEXIST)
}

fn scripts(address: &str) -> Outcome {
    let listener = plain(address)?;
    for (script, problem) in [
        (&b"function f( "[..], "<eof>"),
        (b"error('on purpose')", "on purpose"),
        (b"\x1bLua", "binary"),
        (b"ulp/nowhere", "no such file"),
        (b"../etc/passwd", ""),
        (b"", "a script's name"),
        (b"while true do end", "out of fuel"),
    ] {
        let set = socket::set(&listener, SOL_LUA, LOADSCRIPT, script);
        let text = String::from_utf8_lossy(script).into_owned();
        same(&text, set.is_err(), true)?;
        let told = String::from_utf8(socket::get(&listener, SOL_LUA, PROBLEM, 1024)?)?;
        if !told.to_lowercase().contains(problem) {
            return Err(format!("{text}: expected '{problem}', got '{told}'").into());
        }
    }
    same("a part of what went wrong", socket::get(&listener, SOL_LUA, PROBLEM, 3)?.len(), 3)?;
    // None of them is in the way of one that loads.
    Ok(socket::set(&listener, SOL_LUA, LOADSCRIPT, b"ulp/echo")?)
}

fn capabilities(address: &str) -> Outcome {
    let script = "require('linux').lookup('schedule') f = { recv = function() return true end }";
    same("what is not granted", errno(filtered(address, script, &[])), libc::EINVAL)?;
    filtered(address, script, &[(CAPABILITIES, b"linux.lookup")])?;
    Ok(())
}

/// Scripts that fail when they are asked.
const FAILING: [&str; 6] = [
    "function f() error('on purpose') end",
    "function f() while true do end end",
    "function f(data) return #data end",
    "function f() return false, 'ENONSENSE' end",
    "function f() return ('x'):rep(65537) end",
    "function f() f = nil error('gone') end",
];

fn failures(address: &str) -> Outcome {
    for script in FAILING {
        let (mut server, mut client) = connect(&filtered(address, script, &[(FUEL, &10000i32.to_ne_bytes())])?)?;
        client.write_all(b"data")?;
        same(script, errno(server.read(&mut [0; 9])), libc::ECONNREFUSED)?;
        same("what the client sees", errno(client.read(&mut [0; 9])), libc::ECONNRESET)?;
    }
    Ok(())
}

fn accepts(address: &str) -> Outcome {
    for script in FAILING {
        let options = [(FUEL, &10000i32.to_ne_bytes()[..]), (FAIL, b"accept")];
        let (mut server, mut client) = connect(&filtered(address, script, &options)?)?;
        client.write_all(b"data")?;
        same(script, next(&mut server, b"data")?, b"data".to_vec())?;
    }
    Ok(())
}

/// Sets a module's parameter: what it was.
fn parameter(module: &str, name: &str, value: &str) -> std::io::Result<String> {
    let path = format!("/sys/module/{module}/parameters/{name}");
    let before = fs::read_to_string(&path)?;
    fs::write(path, value)?;
    Ok(before)
}

fn quarantined(address: &str) -> Outcome {
    let (faults, states) = (parameter("lunatik", "faults", "3")?, parameter("luaulp", "states", "1")?);
    let listener = filtered(address, "ulp/picky", &[])?;
    parameter("lunatik", "faults", &faults)?;
    parameter("luaulp", "states", &states)?;
    let ask = |data: &[u8]| {
        let (mut server, mut client) = connect(&listener)?;
        client.write_all(data)?;
        std::io::Result::Ok(errno(server.read(&mut [0; 9])))
    };
    for _ in 0..3 {
        same("what is good before", ask(b"good")?, 0)?;
        same("what it fails at", ask(b"bad")?, libc::ECONNREFUSED)?;
    }
    same("what is good in quarantine", ask(b"good")?, libc::ECONNREFUSED)?;
    let status = lunatik("return status()")?;
    same("its status", status.contains("ulp/picky process 1") && status.contains("sockets quarantined"), true)?;
    same("its end", lunatik("return resume('ulp/picky')")?, "true".into())?;
    same("what is good after", ask(b"good")?, 0)
}
