// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A client's side of a TCP connection: connect, ask, listen.

use crate::host::Host;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp;
use smoltcp::wire::Ipv4Address;

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// No answer to the connection's opening yet.
    Connecting,
    /// It is open; some bytes may have come.
    Open,
    /// The other side has said all that it had to say.
    Finished,
    /// It was refused, or reset without a byte.
    Refused,
}

/// A client's side of a TCP connection.
pub struct Exchange {
    handle: SocketHandle,
    question: Vec<u8>,
    asked: bool,
    /// What the other side has said so far.
    pub answer: Vec<u8>,
    /// How it stands.
    pub fate: Fate,
    /// The local port, by which its frames are known on the wire.
    pub port: u16,
}

impl Exchange {
    /// Connects, to send `question` once the connection is open.
    pub fn start(host: &mut Host, to: Ipv4Address, port: u16, question: &[u8]) -> Self {
        let (handle, local) = (host.tcp(), host.free_port());
        let socket = host.sockets.get_mut::<tcp::Socket>(handle);
        socket
            .connect(host.interface.context(), (to, port), local)
            .expect("a host with an address connects from a new socket");
        let question = question.to_vec();
        Exchange { handle, question, asked: false, answer: Vec::new(), fate: Fate::Connecting, port: local }
    }

    /// Does what there is to do; how it stands then.
    pub fn step(&mut self, host: &mut Host) -> Fate {
        let socket = host.sockets.get_mut::<tcp::Socket>(self.handle);
        if !self.asked && socket.can_send() {
            socket.send_slice(&self.question).expect("an open socket takes bytes");
            self.asked = true;
            self.fate = Fate::Open;
        }
        while socket.can_recv() {
            let part = socket.recv(|bytes| (bytes.len(), bytes.to_vec())).expect("there are bytes");
            self.answer.extend(part);
        }
        match socket.state() {
            tcp::State::Closed if self.fate != Fate::Finished && self.answer.is_empty() => self.fate = Fate::Refused,
            tcp::State::CloseWait | tcp::State::Closed => {
                socket.close();
                self.fate = Fate::Finished;
            }
            _ => {}
        }
        self.fate
    }

    /// Says more, on an open connection.
    pub fn say(&mut self, host: &mut Host, bytes: &[u8]) {
        let socket = host.sockets.get_mut::<tcp::Socket>(self.handle);
        socket.send_slice(bytes).expect("an open connection takes bytes");
    }

    /// Ends it with a reset; nothing of it is left on the host.
    pub fn end(self, host: &mut Host) {
        host.sockets.get_mut::<tcp::Socket>(self.handle).abort();
        host.flush(); // the reset leaves before the socket goes
        host.sockets.remove(self.handle);
    }
}
