// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A server of HTTPS on the Internet, on the server's address and a port of its own: files, which tests change.
//!
//! Its certificates are files of this folder, valid until 2120: one for `lists.example` and `updates.example` by an
//! authority that nobody knows unless he is told, and one for the same names by another.

use crate::addresses::SERVER;
use crate::host::Host;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Arc;

/// Its port.
pub const PORT: u16 = 8443;
/// The certificate of its authority.
pub const AUTHORITY: &str = include_str!("certificates/authority.pem");
const SERVERS: &str = include_str!("certificates/server.pem");
const STRANGERS: &str = include_str!("certificates/stranger.pem");
/// How many connections it keeps at a time.
const BACKLOG: usize = 8;
/// Bytes that are made a part of TLS at a time.
const PIECE: usize = 16 << 10;

/// What is at a path.
#[derive(Clone, Default)]
pub struct Page {
    /// All of it.
    pub body: Arc<Vec<u8>>,
    /// By which it is known again.
    pub tag: Option<&'static str>,
    /// How much of it comes before the connection breaks.
    pub cut: Option<usize>,
}

impl From<&str> for Page {
    fn from(text: &str) -> Page {
        Page { body: Arc::new(text.as_bytes().to_vec()), ..Page::default() }
    }
}

/// The server.
pub struct Https {
    /// Its files, by their paths; others are not there.
    pub pages: BTreeMap<&'static str, Page>,
    /// Whether it has a stranger's certificate.
    pub strange: bool,
    /// What it was asked for, and the status of its answer.
    pub answered: Vec<(String, u16)>,
    own: Arc<ServerConfig>,
    strangers: Arc<ServerConfig>,
    connections: Vec<Connection>,
}

/// A connection, or the wait for one.
struct Connection {
    handle: SocketHandle,
    tls: Option<ServerConnection>,
    request: Vec<u8>,
    answer: Option<Answer>,
}

/// What is being sent.
struct Answer {
    head: Vec<u8>,
    page: Page,
    sent: usize,
}

impl Https {
    pub(crate) fn new(host: &mut Host) -> Https {
        let connections = (0..BACKLOG).map(|_| Connection::new(host)).collect();
        let (own, strangers) = (config(SERVERS), config(STRANGERS));
        Https { pages: BTreeMap::new(), strange: false, answered: Vec::new(), own, strangers, connections }
    }

    /// How often this status was the answer for a path.
    pub fn count(&self, path: &str, status: u16) -> usize {
        self.answered.iter().filter(|(asked, said)| asked == path && *said == status).count()
    }

    pub(crate) fn serve(&mut self, host: &mut Host) {
        let config = if self.strange { &self.strangers } else { &self.own };
        for connection in &mut self.connections {
            connection.serve(host, config, &self.pages, &mut self.answered);
        }
    }
}

fn config(pem: &str) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder.expect("versions of TLS").with_no_client_auth().with_single_cert(chain, key);
    Arc::new(config.expect("the certificate's key"))
}

impl Connection {
    fn new(host: &mut Host) -> Connection {
        Connection { handle: host.tcp(), tls: None, request: Vec::new(), answer: None }
    }

    fn serve(
        &mut self,
        host: &mut Host,
        config: &Arc<ServerConfig>,
        pages: &BTreeMap<&'static str, Page>,
        answered: &mut Vec<(String, u16)>,
    ) {
        let socket = host.sockets.get_mut::<tcp::Socket>(self.handle);
        if !socket.is_open() {
            socket.listen((SERVER, PORT)).expect("a closed socket listens");
            *self = Connection { tls: None, request: Vec::new(), answer: None, ..*self };
        }
        if !socket.is_active() {
            return;
        }
        let tls = self.tls.get_or_insert_with(|| ServerConnection::new(config.clone()).expect("a connection"));
        while socket.can_recv() {
            let read = socket.recv(|bytes| {
                let read = tls.read_tls(&mut &*bytes).unwrap_or(0);
                (read, read)
            });
            // What is wrong is said by an alert, and what comes behind it is nothing.
            if read != Ok(0) && tls.process_new_packets().is_ok() {
                let mut text = Vec::new();
                // There is no more now, or there never will be.
                let _ = tls.reader().read_to_end(&mut text);
                self.request.extend(text);
            } else {
                let rest = socket.recv(|bytes| (bytes.len(), ()));
                rest.expect("there are bytes");
            }
        }
        if self.answer.is_none() && self.request.ends_with(b"\r\n\r\n") {
            let (answer, path, status) = answer(&String::from_utf8_lossy(&self.request), pages);
            answered.push((path, status));
            self.answer = Some(answer);
        }
        while socket.can_send() {
            if tls.wants_write() {
                socket
                    .send(|mut room| {
                        let size = room.len();
                        let written = tls.write_tls(&mut room).unwrap_or(0);
                        debug_assert!(written <= size);
                        (written, ())
                    })
                    .expect("an open socket takes bytes");
            } else if !self.answer.as_mut().is_some_and(|answer| answer.say(tls)) {
                break;
            }
        }
        let done = self.answer.as_ref().is_some_and(Answer::is_over) && !tls.wants_write();
        if done || socket.state() == tcp::State::CloseWait {
            socket.close();
        }
    }
}

impl Answer {
    /// How much of the page comes.
    fn end(&self) -> usize {
        self.page.cut.unwrap_or(self.page.body.len())
    }

    fn is_over(&self) -> bool {
        self.head.is_empty() && self.sent == self.end()
    }

    /// Says the next piece; whether there was one.
    fn say(&mut self, tls: &mut ServerConnection) -> bool {
        if self.is_over() {
            return false;
        }
        let piece = if self.head.is_empty() {
            &self.page.body[self.sent..self.end().min(self.sent + PIECE)]
        } else {
            &self.head
        };
        tls.writer().write_all(piece).expect("TLS takes a piece when it has sent the one before");
        if self.head.is_empty() {
            self.sent += piece.len();
        } else {
            self.head.clear();
        }
        if self.is_over() && self.page.cut.is_none() {
            tls.send_close_notify();
        }
        true
    }
}

/// The answer to a request, the path, and the status.
fn answer(request: &str, pages: &BTreeMap<&'static str, Page>) -> (Answer, String, u16) {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, page) = match pages.get(path) {
        None => ("404 Not Found", Page::default()),
        Some(page) => match page.tag {
            Some(tag) if request.contains(tag) => ("304 Not Modified", Page { tag: Some(tag), ..Page::default() }),
            _ => ("200 OK", page.clone()),
        },
    };
    let tag = page.tag.map(|tag| format!("ETag: {tag}\r\n")).unwrap_or_default();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{tag}\r\n", page.body.len());
    let number = status.split(' ').next().and_then(|number| number.parse().ok()).expect("a status");
    (Answer { head: head.into_bytes(), page, sent: 0 }, path.to_owned(), number)
}
