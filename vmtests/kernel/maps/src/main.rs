// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Makes and pins eBPF maps, and reads and writes them as user space does: for the kernel-side
//! tests, which have nothing but a busybox.
//!
//! ```text
//! maps create PATH TYPE KEY VALUE ENTRIES [FLAGS]   numbers; sizes in bytes
//! maps locked PATH                                   a hash whose values hold a bpf_spin_lock
//! maps set PATH KEY VALUE                            text, as long as the map's keys and values
//! maps zero PATH VALUE                               the same, for the key of four zeros
//! maps get PATH KEY
//! maps freeze PATH
//! maps program PATH                                  an XDP program that passes everything
//! maps link PATH IFINDEX                             the same, attached
//! maps with PATH COMMAND...                          runs it with what is pinned as descriptor 9
//! ```

mod btf;
mod call;

use std::ffi::CString;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::process::CommandExt;
use std::process::{self, ExitCode};

use call::{Attributes, Command};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("maps {}: {error}", words.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match *words {
        ["create", path, kind, key, value, entries] => create(path, [kind, key, value, entries, "0"], None),
        ["create", path, kind, key, value, entries, flags] => create(path, [kind, key, value, entries, flags], None),
        ["locked", path] => create(path, ["1", "4", "8", "16", "0"], Some(btf::locked()?)),
        ["set", path, key, value] => set(path, key, value),
        ["zero", path, value] => set(path, "\0\0\0\0", value),
        ["get", path, key] => get(path, key),
        ["freeze", path] => Attributes::new().u32(0, open(path)?).call(Command::MapFreeze).map(drop),
        ["program", path] => pin(path, program()?),
        ["link", path, interface] => pin(path, link(number(interface)?)?),
        ["with", path, command, ref arguments @ ..] => Err(run_with(open(path)?, command, arguments)),
        _ => Err(Error::new(ErrorKind::InvalidInput, "see the comment in vmtests/kernel/maps")),
    }
}

fn number(text: &str) -> Result<u32> {
    text.parse().map_err(|_| Error::new(ErrorKind::InvalidInput, format!("'{text}' is no number")))
}

fn path_of(path: &str) -> Result<CString> {
    CString::new(path).map_err(|_| ErrorKind::InvalidInput.into())
}

fn create(path: &str, numbers: [&str; 5], types: Option<btf::Types>) -> Result<()> {
    let mut attributes = Attributes::new();
    for (index, text) in numbers.into_iter().enumerate() {
        attributes = attributes.u32(4 * index, number(text)?);
    }
    if let Some(types) = types {
        attributes = attributes.u32(48, types.file).u32(52, types.key).u32(56, types.value);
    }
    pin(path, attributes.call(Command::MapCreate)?)
}

fn pin(path: &str, file: u32) -> Result<()> {
    Attributes::new().bytes(0, path_of(path)?.as_bytes_with_nul()).u32(8, file).call(Command::ObjPin).map(drop)
}

fn open(path: &str) -> Result<u32> {
    Attributes::new().bytes(0, path_of(path)?.as_bytes_with_nul()).call(Command::ObjGet)
}

/// Becomes the command, unless that fails.
fn run_with(file: u32, command: &str, arguments: &[&str]) -> Error {
    // SAFETY: Neither descriptor is used by anything else of ours.
    if unsafe { libc::dup2(file as libc::c_int, 9) } < 0 {
        return Error::last_os_error();
    }
    process::Command::new(command).args(arguments).exec()
}

fn set(path: &str, key: &str, value: &str) -> Result<()> {
    let mut attributes = Attributes::new().u32(0, open(path)?).bytes(8, key.as_bytes()).bytes(16, value.as_bytes());
    attributes.call(Command::MapUpdate).map(drop)
}

/// Prints the value as text.
fn get(path: &str, key: &str) -> Result<()> {
    const ROOM: usize = 4096;
    let mut attributes = Attributes::new().u32(0, open(path)?).bytes(8, key.as_bytes()).bytes(16, &[0; ROOM]);
    attributes.call(Command::MapLookup)?;
    let value = attributes.read(16);
    let end = value.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    println!("{}", String::from_utf8_lossy(&value[..end]));
    Ok(())
}

fn program() -> Result<u32> {
    const XDP: u32 = 6;
    // r0 = XDP_PASS; exit
    let code: [u8; 16] = [0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
    Attributes::new().u32(0, XDP).u32(4, 2).bytes(8, &code).bytes(16, b"GPL\0").call(Command::ProgLoad)
}

fn link(interface: u32) -> Result<u32> {
    const XDP: u32 = 37;
    Attributes::new().u32(0, program()?).u32(4, interface).u32(8, XDP).call(Command::LinkCreate)
}
