// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What filters/http lets through, byte for byte.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

use crate::pair::{connect, filtered_by};
use crate::socket::errno;
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] =
    &[("requests that are allowed arrive as they are", allowed), ("no part of one that is refused arrives", refused)];

fn http(address: &str) -> std::io::Result<(TcpStream, TcpStream)> {
    connect(&filtered_by(address, "filters/http", "http")?)
}

fn post(length: usize) -> Vec<u8> {
    let mut request = format!("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    // A body may look like anything.
    request.extend(b"DELETE /private/ HTTP/1.1\r\n\r\n".iter().cycle().take(length));
    request
}

/// Sends in pieces of so many bytes: what arrives.
fn through(address: &str, bytes: &[u8], piece: usize) -> std::io::Result<Vec<u8>> {
    let (mut server, mut client) = http(address)?;
    client.set_nodelay(true)?;
    let bytes = bytes.to_vec();
    let writer = thread::spawn(move || {
        bytes.chunks(piece).try_for_each(|piece| client.write_all(piece))?;
        client.shutdown(Shutdown::Write)
    });
    let mut arrived = Vec::new();
    server.read_to_end(&mut arrived)?;
    writer.join().map_err(|_| std::io::ErrorKind::Other)??;
    Ok(arrived)
}

fn allowed(address: &str) -> Outcome {
    let get = &b"GET /index.html?q=/private/ HTTP/1.1\r\nHost: a\r\n\r\n"[..];
    // One after the other, without a wait for answers.
    let small = [get, get, &post(40), get].concat();
    for piece in [1, 7, small.len()] {
        same("requests in pieces", through(address, &small, piece)? == small, true)?;
    }
    let large = [get, &post(1 << 20), get, &post(0)].concat();
    same("a large body", through(address, &large, 100_000)? == large, true)
}

fn refused(address: &str) -> Outcome {
    let long = format!("GET / HTTP/1.1\r\nCookie: {}\r\n\r\n", "x".repeat(9000));
    for bad in [
        "DELETE / HTTP/1.1\r\n\r\n",
        "GET /private/ HTTP/1.1\r\n\r\n",
        "GET /%70rivate HTTP/1.1\r\n\r\n",
        "GET /./private/ HTTP/1.1\r\n\r\n",
        "GET /x/..%2fprivate/ HTTP/1.1\r\n\r\n",
        "GET //private/ HTTP/1.1\r\n\r\n",
        "GET http://a/private/ HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n Content-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length : 5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        &long,
    ] {
        // Behind a body, whose end is where it says.
        let (mut server, mut client) = http(address)?;
        client.write_all(&post(5))?;
        let mut good = post(5);
        server.read_exact(&mut good)?;
        same("what comes before", good == post(5), true)?;
        let (first, rest) = bad.split_at(9);
        client.write_all(first.as_bytes())?;
        // It may be refused before it is complete.
        let _ = client.write_all(rest.as_bytes());
        same(bad, errno(server.read(&mut [0; 99])), libc::ECONNREFUSED)?;
    }
    Ok(())
}
