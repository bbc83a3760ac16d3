// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Much at a time, and ends at the wrong moment.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::pair::{connect, filter, filtered, lunatik, next, pair};
use crate::socket::{self, errno};
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] = &[
    ("a megabyte each way arrives whole", a_megabyte),
    ("who must not wait loses nothing", without_waiting),
    ("a reader is woken by the end", woken),
    ("a script that is stopped refuses", stopped),
    ("a script that sleeps is stopped", stopped_asleep),
    ("who waits for a connection gets a filtered one", accepting),
    ("readers share what comes at once", shared),
    ("connections come and go", churn),
];

const SIZE: usize = 1 << 20;
const SWAPS: &str =
    "local function swap(d) return (d:gsub('[xy]', { x = 'y', y = 'x' })) end f = { recv = swap, send = swap }";

/// Reads as much as a case sends: how much of it is `byte`.
fn count(mut from: TcpStream, byte: u8) -> std::io::Result<usize> {
    let (mut buffer, mut left, mut right) = (vec![0; 10_000], SIZE, 0);
    while left > 0 {
        let some = from.read(&mut buffer)?;
        if some == 0 {
            break;
        }
        left = left.saturating_sub(some);
        right += buffer[..some].iter().filter(|is| **is == byte).count();
    }
    Ok(right)
}

fn a_megabyte(address: &str) -> Outcome {
    let (server, client) = pair(address, SWAPS)?;
    let mut writers = Vec::new();
    for mut end in [server.try_clone()?, client.try_clone()?] {
        writers.push(thread::spawn(move || end.write_all(&vec![b'x'; SIZE])));
    }
    let readers = [server, client].map(|end| thread::spawn(move || count(end, b'y')));
    for reader in readers {
        same("what arrives", reader.join().map_err(|_| "a reader panicked")??, SIZE)?;
    }
    for writer in writers {
        writer.join().map_err(|_| "a writer panicked")??;
    }
    Ok(())
}

fn without_waiting(address: &str) -> Outcome {
    let (mut server, client) = pair(address, SWAPS)?;
    server.set_nonblocking(true)?;
    // Without this there is room for all.
    socket::set(&server, libc::SOL_SOCKET, libc::SO_SNDBUF, &32768i32.to_ne_bytes())?;
    let (bytes, mut sent, mut waits) = (vec![b'x'; SIZE], 0, 0);
    let mut reader = None;
    while sent < SIZE {
        match server.write(&bytes[sent..]) {
            Ok(some) => sent += some,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                waits += 1;
                // Nobody reads before there is no room left.
                let client = client.try_clone()?;
                reader.get_or_insert_with(|| thread::spawn(move || count(client, b'y')));
                socket::poll(&server, libc::POLLOUT, 60_000)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    same("that it had to wait", waits > 0, true)?;
    let reader = reader.ok_or("there was room for all")?;
    same("what arrives", reader.join().map_err(|_| "the reader panicked")??, SIZE)
}

fn woken(address: &str) -> Outcome {
    let (server, client) = pair(address, SWAPS)?;
    let mut reads = server.try_clone()?;
    let reader = thread::spawn(move || reads.read(&mut [0; 9]));
    thread::sleep(Duration::from_millis(100));
    server.shutdown(Shutdown::Read)?;
    same("what who waits gets", reader.join().map_err(|_| "the reader panicked")??, 0)?;
    drop((server, client));
    let (server, client) = pair(address, SWAPS)?;
    let mut reads = server.try_clone()?;
    let reader = thread::spawn(move || reads.read(&mut [0; 9]));
    thread::sleep(Duration::from_millis(100));
    drop(server);
    drop(client);
    same("what who waits alone gets", reader.join().map_err(|_| "the reader panicked")??, 0)
}

fn stopped(address: &str) -> Outcome {
    let listener = filtered(address, "ulp/echo", &[])?;
    let (mut server, mut client) = connect(&listener)?;
    client.write_all(b"x")?;
    same("what comes before", next(&mut server, b"x")?, b"x".to_vec())?;
    let mut reads = server.try_clone()?;
    let reader = thread::spawn(move || errno(reads.read(&mut [0; 9])));
    thread::sleep(Duration::from_millis(100));
    lunatik("stop('ulp/echo')")?;
    client.write_all(b"x")?;
    same("what who waited gets", reader.join().map_err(|_| "the reader panicked")?, libc::ECONNREFUSED)?;
    same("what still runs", lunatik("return list()")?.contains("ulp/echo"), false)
}

fn stopped_asleep(address: &str) -> Outcome {
    let listener = filtered(address, "ulp/sleeps", &[])?;
    let (mut server, mut client) = connect(&listener)?;
    client.write_all(b"x")?;
    let reader = thread::spawn(move || errno(server.read(&mut [0; 9])));
    thread::sleep(Duration::from_millis(100));
    lunatik("stop('ulp/sleeps')")?;
    same("what who waited gets", reader.join().map_err(|_| "the reader panicked")?, libc::ECONNREFUSED)
}

fn accepting(address: &str) -> Outcome {
    let listener = TcpListener::bind((address, 0))?;
    let to = listener.local_addr()?;
    let waits = listener.try_clone()?;
    let acceptor = thread::spawn(move || waits.accept());
    thread::sleep(Duration::from_millis(100));
    filter(&listener, SWAPS, &[])?;
    let mut client = TcpStream::connect(to)?;
    let (mut server, _) = acceptor.join().map_err(|_| "who accepts panicked")??;
    client.write_all(b"xy")?;
    same("what comes first", next(&mut server, b"yx")?, b"yx".to_vec())
}

fn shared(address: &str) -> Outcome {
    for _ in 0..20 {
        let (server, mut client) = pair(address, SWAPS)?;
        let mut readers = Vec::new();
        for _ in 0..3 {
            let mut reads = server.try_clone()?;
            readers.push(thread::spawn(move || reads.read(&mut [0])));
        }
        thread::sleep(Duration::from_millis(20));
        client.write_all(b"xyx")?;
        for reader in readers {
            same("what each gets", reader.join().map_err(|_| "a reader panicked")??, 1)?;
        }
    }
    Ok(())
}

fn churn(address: &str) -> Outcome {
    for turn in 0..20 {
        let listener = filtered(address, SWAPS, &[])?;
        let to = listener.local_addr()?;
        let clients: Vec<_> = (0..4).map(|_| thread::spawn(move || TcpStream::connect(to))).collect();
        if turn % 2 == 0 {
            // Half of them are never accepted.
            for _ in 0..2 {
                drop(listener.accept()?);
            }
        }
        drop(listener);
        for client in clients {
            // One that came too late is refused.
            drop(client.join().map_err(|_| "a client panicked")?);
        }
    }
    Ok(())
}
