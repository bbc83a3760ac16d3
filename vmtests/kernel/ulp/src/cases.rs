// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts do with bytes.

use std::io::{Read, Write};
use std::net::Shutdown;

use crate::pair::{connect, filtered, next, pair, plain};
use crate::socket::{self, errno};
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] = &[
    ("without a script nothing changes", unfiltered),
    ("a script rewrites both ways", rewrites),
    ("what is ready is read in any way", ready),
    ("a script keeps bytes back", keeps_back),
    ("a script says the last word", finishes),
    ("a script refuses", refuses),
    ("a connection has its own table", own_tables),
    ("a socket that connects is filtered, too", connects),
];

const BOTH: &str = "f = { recv = function(d) return d:upper() end, send = function(d) return d:lower() end }";
const LINES: &str = "function f(data, own)
  own.rest = (own.rest or '') .. data
  local lines, rest = own.rest:match('^(.*\\n)(.-)$')
  own.rest = rest or own.rest
  return lines or ''
end";

fn unfiltered(address: &str) -> Outcome {
    let (mut server, mut client) = connect(&plain(address)?)?;
    client.write_all(b"as it is")?;
    same("what arrives", next(&mut server, b"as it is")?, b"as it is".to_vec())
}

fn rewrites(address: &str) -> Outcome {
    let (mut server, mut client) = pair(address, BOTH)?;
    client.write_all(b"Hello")?;
    same("what the server reads", next(&mut server, b"HELLO")?, b"HELLO".to_vec())?;
    server.write_all(b"World")?;
    same("what the client reads", next(&mut client, b"world")?, b"world".to_vec())?;
    client.shutdown(Shutdown::Write)?;
    same("the end", server.read(&mut [0; 9])?, 0)
}

fn ready(address: &str) -> Outcome {
    let (server, mut client) = pair(address, BOTH)?;
    same("before there is anything", errno(socket::receive(&server, 9, libc::MSG_DONTWAIT)), libc::EAGAIN)?;
    client.write_all(b"abcdef")?;
    for _ in 0..2 {
        same("what is peeked at", socket::receive(&server, 3, libc::MSG_PEEK)?, b"ABC".to_vec())?;
    }
    same("how much there is", socket::available(&server)?, 6)?;
    same("one byte", socket::receive(&server, 1, 0)?, b"A".to_vec())?;
    same("what poll says of the rest", socket::poll(&server, libc::POLLIN, 0)?, libc::POLLIN)?;
    same("what is thrown away", socket::receive(&server, 2, libc::MSG_TRUNC)?.len(), 2)?;
    client.write_all(b"ghi")?;
    same("all that is waited for", socket::receive(&server, 6, libc::MSG_WAITALL)?, b"DEFGHI".to_vec())?;
    same("what poll says of nothing", socket::poll(&server, libc::POLLIN, 0)?, 0)
}

fn keeps_back(address: &str) -> Outcome {
    let (mut server, mut client) = pair(address, LINES)?;
    client.write_all(b"one")?;
    socket::poll(&server, libc::POLLIN, 60_000)?;
    same("half a line", errno(socket::receive(&server, 9, libc::MSG_DONTWAIT)), libc::EAGAIN)?;
    client.write_all(b" two\nthr")?;
    same("a line", next(&mut server, b"one two\n")?, b"one two\n".to_vec())?;
    same("the next", errno(socket::receive(&server, 9, libc::MSG_DONTWAIT)), libc::EAGAIN)
}

fn finishes(address: &str) -> Outcome {
    let script = "f = { recv = function(data, own) own.all = (own.all or '') .. data return '' end,
      finish = function(own) return own.all .. '.' end }";
    let (mut server, mut client) = pair(address, script)?;
    client.write_all(b"a ")?;
    client.write_all(b"sentence")?;
    client.shutdown(Shutdown::Write)?;
    let mut all = String::new();
    server.read_to_string(&mut all)?;
    same("what comes at the end", all.as_str(), "a sentence.")
}

fn refuses(address: &str) -> Outcome {
    let script = "local function judge(data)
        if data:find('later') then return false, 'EPERM' end
        if data:find('bad') then return false end
        return true
      end
      f = { recv = judge, send = judge }";
    let (mut server, mut client) = pair(address, script)?;
    client.write_all(b"later")?;
    same("an error that the script names", errno(server.read(&mut [0; 9])), libc::EPERM)?;
    same("the same for what is sent", errno(server.write(b"later")), libc::EPERM)?;
    client.write_all(b"good")?;
    same("what comes then", next(&mut server, b"good")?, b"good".to_vec())?;
    client.write_all(b"bad")?;
    same("what is refused", errno(server.read(&mut [0; 9])), libc::ECONNREFUSED)?;
    same("what the client sees", errno(client.read(&mut [0; 9])), libc::ECONNRESET)?;
    same("what can still be sent", errno(socket::send(&server, b"x", libc::MSG_NOSIGNAL)), libc::EPIPE)?;
    let (mut server, mut client) = pair(address, script)?;
    same("bad words of one's own", errno(server.write(b"bad")), libc::ECONNREFUSED)?;
    same("what the client sees of them", errno(client.read(&mut [0; 9])), libc::ECONNRESET)
}

fn own_tables(address: &str) -> Outcome {
    let script = "function f(data, own) own.n = (own.n or 0) + #data return tostring(own.n) end";
    let listener = filtered(address, script, &[])?;
    let mut connections = (0..40).map(|_| connect(&listener)).collect::<std::io::Result<Vec<_>>>()?;
    for turn in ["1", "2", "3"] {
        for (server, client) in &mut connections {
            client.write_all(b"x")?;
            same("what it has counted", next(server, b"n")?, turn.as_bytes().to_vec())?;
        }
    }
    drop(listener);
    let (server, client) = &mut connections[7];
    client.write_all(b"xxx")?;
    same("what it counts without its listener", next(server, b"n")?, b"6".to_vec())
}

fn connects(address: &str) -> Outcome {
    let listener = std::net::TcpListener::bind((address, 0))?;
    let (mut server, mut client) = connect(&listener)?;
    socket::set(&client, libc::SOL_TCP, libc::TCP_ULP, b"lua")?;
    socket::set(&client, socket::SOL_LUA, socket::LOADSCRIPT, BOTH.as_bytes())?;
    socket::set(&client, socket::SOL_LUA, socket::ENTRYPOINT, b"f")?;
    client.write_all(b"UP")?;
    same("what the server reads", next(&mut server, b"up")?, b"up".to_vec())?;
    server.write_all(b"down")?;
    same("what the client reads", next(&mut client, b"DOWN")?, b"DOWN".to_vec())
}
