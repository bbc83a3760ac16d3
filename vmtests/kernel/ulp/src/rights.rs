// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Programs that may do less than root, and see other files.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::thread;
use std::time::Duration;

use crate::pair::{connect, filtered, next, plain};
use crate::socket::{self, errno, CAPABILITIES, ENTRYPOINT, FUEL, LOADSCRIPT, SOL_LUA};
use crate::task::{self, NET_ADMIN, SYS_ADMIN, USER};
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] = &[
    ("who does not administer the system loads scripts by name only", names_only),
    ("a script hears of the end with the rights of who set it", ends),
    ("scripts are the machine's, whatever the program's root is", jailed),
];

/// Runs it in a task of its own, which may give up what it has.
fn apart(task: impl FnOnce() -> Outcome + Send) -> Outcome {
    let done = thread::scope(|scope| scope.spawn(|| task().map_err(|error| error.to_string())).join());
    Ok(done.map_err(|_| "the task panicked")??)
}

fn names_only(address: &str) -> Outcome {
    apart(|| {
        task::become_user(&[NET_ADMIN])?;
        let listener = plain(address)?;
        let set = |option, value: &[u8]| errno(socket::set(&listener, SOL_LUA, option, value));
        same("a text", set(LOADSCRIPT, b"function f() return true end"), libc::EPERM)?;
        same("capabilities", set(CAPABILITIES, b"io"), libc::EPERM)?;
        same("none of them", set(CAPABILITIES, b""), libc::EPERM)?;
        same("a limit", set(FUEL, &1_000_000i32.to_ne_bytes()), 0)?;
        same("a name", set(LOADSCRIPT, b"ulp/echo\0"), 0)?;
        same("an entry point", set(ENTRYPOINT, b"f"), 0)?;
        task::become_user(&[])?;
        same("an entry point, without any right", set(ENTRYPOINT, b"f"), libc::EPERM)?;
        let other = std::net::TcpListener::bind((address, 0))?;
        same("the protocol", errno(socket::set(&other, libc::SOL_TCP, libc::TCP_ULP, b"lua")), libc::EPERM)
    })
}

fn ends(address: &str) -> Outcome {
    let script = "f = { recv = function() return true end,
      close = function() assert(io.open('/tmp/ulp-ends/file', 'w')):close() end }";
    fs::create_dir_all("/tmp/ulp-ends")?;
    fs::set_permissions("/tmp/ulp-ends", fs::Permissions::from_mode(0o777))?;
    apart(|| {
        task::become_user(&[NET_ADMIN, SYS_ADMIN])?;
        let (mut server, mut client) = connect(&filtered(address, script, &[(CAPABILITIES, b"io")])?)?;
        client.write_all(b"x")?;
        same("what arrives", next(&mut server, b"x")?, b"x".to_vec())
    })?;
    // A worker tells the script.
    for _ in 0..1000 {
        if let Ok(file) = fs::metadata("/tmp/ulp-ends/file") {
            fs::remove_file("/tmp/ulp-ends/file")?;
            return same("whose file it is", file.uid(), USER);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err("the script does not hear of the end".into())
}

fn jailed(address: &str) -> Outcome {
    fs::create_dir_all("/tmp/ulp-jail/lib/modules/lua/ulp")?;
    fs::write("/tmp/ulp-jail/lib/modules/lua/ulp/jailed.lua", "function f() return true end")?;
    apart(|| {
        task::change_root("/tmp/ulp-jail")?;
        task::become_user(&[NET_ADMIN])?;
        let listener = plain(address)?;
        let set = |option, value: &[u8]| errno(socket::set(&listener, SOL_LUA, option, value));
        same("a script of the program's own", set(LOADSCRIPT, b"ulp/jailed"), libc::ENOENT)?;
        same("a script of the machine's", set(LOADSCRIPT, b"ulp/echo"), 0)?;
        same("its entry point", set(ENTRYPOINT, b"f"), 0)
    })
}
