// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `agent PORT`: serves the hypervisor's channel, a device as `/dev/vport1p1`, for as long as
//! the router runs.

use std::fs::OpenOptions;
use std::{io, process, thread, time::Duration};

fn main() {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: agent PORT");
        process::exit(2);
    };
    let Err(error) = listen(&path);
    eprintln!("agent: {}: {error}", path.to_string_lossy());
    process::exit(1);
}

fn listen(path: &std::ffi::OsStr) -> io::Result<std::convert::Infallible> {
    let port = OpenOptions::new().read(true).write(true).open(path)?;
    loop {
        match agent::serve(&port, &port) {
            // Nobody is connected: the port says so by an end of file at once, and cannot be waited for.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => thread::sleep(Duration::from_secs(1)),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
    }
}
