// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Internet: a provider's DHCP and DNS, and a server of web pages.

use crate::addresses::{GATEWAY, ROUTER_NAME, ROUTER_WAN, SERVER, WAN_HOST};
use crate::host::Host;
use crate::https::Https;
use crate::provider6::{Ipv6, Service};
use crate::wire::Wire;
use crate::{dns, frames6, tls};
use smoltcp::iface::SocketHandle;
use smoltcp::socket::{tcp, udp};
use smoltcp::wire::{DhcpMessageType, DhcpPacket, DhcpRepr, IpCidr, IpEndpoint, Ipv4Address, Ipv6Address};

/// How many connections a server keeps at a time.
const BACKLOG: usize = 16;

/// What a server has noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The router took the lease.
    Lease,
    /// A question for this name.
    Question(String),
    /// A request for a page.
    Request(IpEndpoint),
    /// A whole ClientHello for this name.
    Hello(String),
}

/// The Internet.
pub struct Wan {
    /// Its machine, with the gateway's and the server's address.
    pub host: Host,
    /// What its servers have noted, in order.
    pub seen: Vec<Seen>,
    /// Its server of HTTPS.
    pub https: Https,
    /// Whether its name server says who serves the root, for which the router's health check asks.
    pub root: bool,
    dhcp: SocketHandle,
    dns: SocketHandle,
    http: Vec<Connection>,
    tls: Vec<Connection>,
}

/// A server's side of a connection, or its wait for one.
struct Connection {
    handle: SocketHandle,
    request: Vec<u8>,
    answered: Option<After>,
}

/// What a server does after its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    HangUp,
    Echo,
}

impl Wan {
    pub(crate) fn new(wire: Wire) -> Self {
        let mut host = Host::new(wire, WAN_HOST);
        host.add_address(IpCidr::new(GATEWAY.into(), 24));
        host.add_address(IpCidr::new(SERVER.into(), 24));
        let (dhcp, dns) = (host.udp(67), host.udp(53));
        let mut connections = || -> Vec<_> { (0..BACKLOG).map(|_| Connection::new(&mut host)).collect() };
        let (http, tls) = (connections(), connections());
        let https = Https::new(&mut host);
        Wan { host, seen: Vec::new(), https, root: true, dhcp, dns, http, tls }
    }

    /// How often `event` was seen.
    pub fn count(&self, event: &Seen) -> usize {
        self.seen.iter().filter(|seen| *seen == event).count()
    }

    /// Gives IPv6, too, from now on.
    pub fn serve_ipv6(&mut self) {
        self.host.wire.serve_ipv6();
    }

    /// Gives IPv6 like this from now on.
    pub fn serve_ipv6_like(&mut self, service: Service) {
        if self.ipv6().is_none() {
            self.serve_ipv6();
        }
        if let Some(ipv6) = self.host.wire.ipv6_mut() {
            ipv6.service = service;
        }
    }

    /// The provider's IPv6, if it gives that.
    pub fn ipv6(&self) -> Option<&Ipv6> {
        self.host.wire.ipv6()
    }

    /// Advertises the provider's gateway, unasked; says whether the router's port took it.
    pub fn advertise_ipv6(&mut self) -> bool {
        let Some(frame) = self.ipv6().map(Ipv6::advertisement) else { return false };
        self.host.wire.deliver(&frame)
    }

    /// Sends a ping with this number from a host of the Internet; says whether the router's port took it.
    pub fn ping6(&mut self, to: Ipv6Address, number: u16) -> bool {
        let Some(ends) = self.ipv6().map(|ipv6| ipv6.ends(0, (to, 0))) else { return false };
        self.host.wire.deliver(&frames6::ping(ends, number))
    }

    /// Lets the servers answer what has come.
    pub(crate) fn serve(&mut self) {
        self.serve_dhcp();
        self.serve_dns();
        self.https.serve(&mut self.host);
        for connection in &mut self.http {
            connection.serve(
                &mut self.host,
                80,
                |request, from| {
                    let whole = request.ends_with(b"\r\n\r\n");
                    whole.then(|| (Seen::Request(from), page(), After::HangUp))
                },
                &mut self.seen,
            );
        }
        for connection in &mut self.tls {
            connection.serve(
                &mut self.host,
                443,
                |request, _| {
                    tls::server_name(request).map(|name| (Seen::Hello(name), tls::server_hello(), After::Echo))
                },
                &mut self.seen,
            );
        }
    }

    fn serve_dhcp(&mut self) {
        let socket = self.host.sockets.get_mut::<udp::Socket>(self.dhcp);
        while let Ok((bytes, _)) = socket.recv() {
            let Some((kind, answer)) = lease(bytes) else { continue };
            // A full queue is a lost packet: the client asks again.
            let _ = socket.send_slice(&answer, (Ipv4Address::BROADCAST, 68));
            if kind == DhcpMessageType::Ack {
                self.seen.push(Seen::Lease);
            }
        }
    }

    fn serve_dns(&mut self) {
        let socket = self.host.sockets.get_mut::<udp::Socket>(self.dns);
        while let Ok((bytes, from)) = socket.recv() {
            let Some((name, ..)) = dns::question(bytes) else { continue };
            if name.is_empty() && !self.root {
                continue;
            }
            let address = if name == ROUTER_NAME { ROUTER_WAN } else { SERVER };
            self.seen.push(Seen::Question(name));
            if let Some(answer) = dns::answer(bytes, address) {
                // As above.
                let _ = socket.send_slice(&answer, from);
            }
        }
    }
}

impl Connection {
    fn new(host: &mut Host) -> Self {
        Connection { handle: host.tcp(), request: Vec::new(), answered: None }
    }

    /// Hands what has come to `answer`, which gives what to note, what to say and what
    /// to do then, once the request is whole.
    fn serve(
        &mut self,
        host: &mut Host,
        port: u16,
        answer: impl Fn(&[u8], IpEndpoint) -> Option<(Seen, Vec<u8>, After)>,
        seen: &mut Vec<Seen>,
    ) {
        let socket = host.sockets.get_mut::<tcp::Socket>(self.handle);
        if !socket.is_open() {
            socket.listen((SERVER, port)).expect("a closed socket listens");
            self.request.clear();
            self.answered = None;
        }
        while socket.can_recv() {
            let part = socket.recv(|bytes| (bytes.len(), bytes.to_vec())).expect("there are bytes");
            if self.answered == Some(After::Echo) {
                socket.send_slice(&part).expect("an open socket takes bytes");
            } else {
                self.request.extend(part);
            }
        }
        if let (None, Some(from)) = (self.answered, socket.remote_endpoint()) {
            if let Some((event, bytes, after)) = answer(&self.request, from) {
                seen.push(event);
                self.answered = Some(after);
                socket.send_slice(&bytes).expect("an open socket takes an answer that fits its buffer");
                if after == After::HangUp {
                    socket.close();
                }
            }
        }
        if socket.state() == tcp::State::CloseWait {
            socket.close();
        }
    }
}

/// The page that the server has.
pub fn page() -> Vec<u8> {
    let body: String = (0..2000).map(|line| format!("line {line} of a page\n")).collect();
    format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The answer to a client's DHCP message, and its kind.
fn lease(bytes: &[u8]) -> Option<(DhcpMessageType, Vec<u8>)> {
    let packet = DhcpPacket::new_checked(bytes).ok()?;
    let request = DhcpRepr::parse(&packet).ok()?;
    let message_type = match request.message_type {
        DhcpMessageType::Discover => DhcpMessageType::Offer,
        DhcpMessageType::Request => DhcpMessageType::Ack,
        _ => return None,
    };
    let mut answer = DhcpRepr {
        message_type,
        your_ip: ROUTER_WAN,
        server_ip: GATEWAY,
        router: Some(GATEWAY),
        subnet_mask: Some(Ipv4Address::new(255, 255, 255, 0)),
        server_identifier: Some(GATEWAY),
        lease_duration: Some(3600),
        dns_servers: Some(Default::default()),
        parameter_request_list: None,
        requested_ip: None,
        client_identifier: None,
        max_size: None,
        additional_options: &[],
        ..request
    };
    if let Some(servers) = &mut answer.dns_servers {
        servers.push(GATEWAY).expect("there is room for one server");
    }
    let mut bytes = vec![0; answer.buffer_len()];
    answer.emit(&mut DhcpPacket::new_unchecked(&mut bytes)).ok()?;
    Some((message_type, bytes))
}
