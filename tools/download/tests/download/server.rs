// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A server of HTTPS on a port of the loopback.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{channel, Receiver};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use config::Url;
use download::Limits;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the server does behind its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It ends the connection.
    HangUp,
    /// It ends the connection, and says nothing of that in TLS.
    Break,
    /// It stays, and says nothing.
    Wait,
}

pub struct Server {
    port: u16,
    /// What was asked.
    pub requests: Receiver<String>,
}

impl Server {
    /// One with the certificate of this name.
    pub fn start(certificate: &str, answer: impl Fn(&str) -> (Vec<u8>, Then) + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let config = Arc::new(config(certificate));
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(config.clone()).expect("a connection");
                let mut stream = StreamOwned::new(connection, stream.expect("a client"));
                // Who does not trust the certificate asks nothing.
                let Some(request) = request(&mut stream) else { continue };
                let (bytes, then) = answer(&request);
                let _ = sender.send(request);
                let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
                if then == Then::HangUp {
                    stream.conn.send_close_notify();
                    let _ = stream.conn.complete_io(&mut stream.sock);
                }
                if then == Then::Wait {
                    thread::spawn(move || stream.read(&mut [0]));
                }
            }
        });
        Server { port, requests }
    }

    pub fn url(&self, path: &str) -> Url {
        format!("https://127.0.0.1:{}{path}", self.port).parse().expect("an address")
    }
}

fn config(certificate: &str) -> ServerConfig {
    let pem = pem(certificate);
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    config.expect("versions").with_no_client_auth().with_single_cert(chain, key).expect("a certificate with its key")
}

fn request(stream: &mut impl Read) -> Option<String> {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
    }
    String::from_utf8(request).ok()
}

/// A file of the certificates.
pub fn pem(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/download/certificates");
    fs::read_to_string(format!("{folder}/{name}.pem")).expect("a certificate")
}

/// An answer with a body.
pub fn ok(headers: &str, body: &str) -> (Vec<u8>, Then) {
    let length = body.len();
    (format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes(), Then::HangUp)
}

/// An answer without one.
pub fn status(line: &str, headers: &str) -> (Vec<u8>, Then) {
    (format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n{headers}\r\n").into_bytes(), Then::HangUp)
}

/// What is too much.
pub const LIMITS: Limits = Limits {
    bytes: 1000,
    connect: Duration::from_secs(20),
    stall: Duration::from_secs(30),
    whole: Duration::from_secs(60),
};
