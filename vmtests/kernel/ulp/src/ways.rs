// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The ways that bytes could take past a script.

use std::io::Write;

use crate::pair::{next, pair};
use crate::socket::{self, errno};
use crate::{same, Case, Outcome};

/// Cases by their names.
pub const ALL: &[Case] = &[("splice and sendfile go through the script", spliced), ("other ways are closed", closed)];

const BOTH: &str = "f = { recv = function(d) return d:upper() end, send = function(d) return d:lower() end }";

fn spliced(address: &str) -> Outcome {
    let (server, mut client) = pair(address, BOTH)?;
    let (out, into) = socket::pipe()?;
    client.write_all(b"Pages")?;
    same("how much is spliced", socket::splice(&server, &into, 99)?, 5)?;
    same("how much is spliced back", socket::splice(&out, &server, 5)?, 5)?;
    // Up on its way in, down on its way out.
    same("what comes back", next(&mut client, b"pages")?, b"pages".to_vec())?;
    (&server).write_all(b"X")?;
    same("the stream goes on", next(&mut client, b"x")?, b"x".to_vec())
}

fn closed(address: &str) -> Outcome {
    let (server, client) = pair(address, BOTH)?;
    let one = 1i32.to_ne_bytes();
    let set = |level, option| errno(socket::set(&server, level, option, &one));
    same("urgent bytes out", errno(socket::send(&server, b"!", libc::MSG_OOB)), libc::EOPNOTSUPP)?;
    same("urgent bytes in", errno(socket::receive(&server, 1, libc::MSG_OOB)), libc::EOPNOTSUPP)?;
    same("fast open", errno(socket::send(&server, b"!", libc::MSG_FASTOPEN)), libc::EOPNOTSUPP)?;
    same("repairs", set(libc::SOL_TCP, libc::TCP_REPAIR), libc::EOPNOTSUPP)?;
    same("offsets to peek at", set(libc::SOL_SOCKET, libc::SO_PEEK_OFF), libc::EOPNOTSUPP)?;
    same("another family", set(libc::SOL_IPV6, libc::IPV6_ADDRFORM), libc::EOPNOTSUPP)?;
    same("another protocol", errno(socket::set(&server, libc::SOL_TCP, libc::TCP_ULP, b"lua")), libc::EEXIST)?;
    same("another connection", errno(socket::disconnect(&server)), libc::EOPNOTSUPP)?;
    let zero_copy = socket::get(&server, libc::SOL_TCP, libc::TCP_ZEROCOPY_RECEIVE, 64);
    same("pages of what was received", errno(zero_copy), libc::EOPNOTSUPP)?;
    same("mappings", socket::can_map(&server), false)?;
    same("the wish for pages", socket::set(&server, libc::SOL_SOCKET, libc::SO_ZEROCOPY, &one).is_ok(), true)?;
    same("pages that are not copied", errno(socket::send(&server, b"!", libc::MSG_ZEROCOPY)), libc::EOPNOTSUPP)?;
    drop(client);
    Ok(())
}
