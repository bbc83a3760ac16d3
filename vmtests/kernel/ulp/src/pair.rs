// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Listeners that scripts filter, and connections to them.

use std::fs::OpenOptions;
use std::io::{Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use crate::socket::{self, ENTRYPOINT, LOADSCRIPT, SOL_LUA};

/// Longer than any call here takes, on a slow machine too.
const PATIENCE: Duration = Duration::from_secs(120);

/// A listener with the protocol, and no script yet.
pub fn plain(address: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind((address, 0))?;
    protect(&listener)?;
    Ok(listener)
}

fn protect(listener: &TcpListener) -> Result<()> {
    socket::set(listener, libc::SOL_TCP, libc::TCP_ULP, b"lua")
}

/// A listener whose connections go through the global `f` of a script: its text, or its name.
pub fn filtered(address: &str, script: &str, options: &[(i32, &[u8])]) -> Result<TcpListener> {
    let listener = TcpListener::bind((address, 0))?;
    filter(&listener, script, options)?;
    Ok(listener)
}

/// The same for an entry point that is called otherwise.
pub fn filtered_by(address: &str, script: &str, entry: &str) -> Result<TcpListener> {
    let listener = plain(address)?;
    socket::set(&listener, SOL_LUA, LOADSCRIPT, script.as_bytes())?;
    socket::set(&listener, SOL_LUA, ENTRYPOINT, entry.as_bytes())?;
    Ok(listener)
}

/// For a listener that there is.
pub fn filter(listener: &TcpListener, script: &str, options: &[(i32, &[u8])]) -> Result<()> {
    protect(listener)?;
    for (option, value) in options {
        socket::set(listener, SOL_LUA, *option, value)?;
    }
    socket::set(listener, SOL_LUA, LOADSCRIPT, script.as_bytes())?;
    socket::set(listener, SOL_LUA, ENTRYPOINT, b"f\0")
}

/// A connection: the end of the server, which is filtered, and the client's.
pub fn connect(listener: &TcpListener) -> Result<(TcpStream, TcpStream)> {
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    for end in [&server, &client] {
        end.set_read_timeout(Some(PATIENCE))?;
        end.set_write_timeout(Some(PATIENCE))?;
    }
    Ok((server, client))
}

/// A filtered listener's.
pub fn pair(address: &str, script: &str) -> Result<(TcpStream, TcpStream)> {
    connect(&filtered(address, script, &[])?)
}

/// The next bytes, of which there are as many as in `like`.
pub fn next(from: &mut TcpStream, like: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = vec![0; like.len()];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Has lunatik's driver run a chunk, and says what that answered.
pub fn lunatik(chunk: &str) -> Result<String> {
    let mut device = OpenOptions::new().read(true).write(true).open("/dev/lunatik")?;
    device.write_all(chunk.as_bytes())?;
    let mut answer = String::new();
    device.read_to_string(&mut answer)?;
    Ok(answer)
}
