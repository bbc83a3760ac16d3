// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a machine's network ports are connected to.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::sync::Arc;
use std::time::Duration;

/// How long a frame may wait for a slow guest before it is lost, as on any wire.
const PATIENCE: Duration = Duration::from_millis(20);

/// What a network port is connected to.
#[derive(Debug, Clone)]
pub enum Network {
    /// Us: frames come and go through a [`Port`].
    Frames,
    /// The host's network, by QEMU's address translation.
    User {
        /// QEMU's side of the wire, such as `192.168.1.0/24` (its default: 10.0.2.0/24).
        net: Option<String>,
        /// TCP ports of the host's loopback that lead into the guest: (host's port, guest's address, guest's port).
        forwards: Vec<(u16, String, u16)>,
    },
}

impl Network {
    /// The argument of `-netdev` for the port with this number; `descriptor` is QEMU's end of [`Network::Frames`].
    pub(crate) fn netdev(&self, number: usize, descriptor: i32) -> String {
        match self {
            Network::Frames => format!("dgram,id=net{number},local.type=fd,local.str={descriptor}"),
            Network::User { net, forwards } => {
                let net = net.as_ref().map(|net| format!(",net={net}")).unwrap_or_default();
                let forwards: String = forwards
                    .iter()
                    .map(|(host, address, port)| format!(",hostfwd=tcp:127.0.0.1:{host}-{address}:{port}"))
                    .collect();
                format!("user,id=net{number}{net}{forwards}")
            }
        }
    }
}

/// The other end of a guest's network cable.
#[derive(Debug, Clone)]
pub struct Port(Arc<UnixDatagram>);

impl Port {
    pub(crate) fn new(socket: UnixDatagram) -> io::Result<Self> {
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Port(Arc::new(socket)))
    }

    /// Sends an Ethernet frame; says whether the guest's side took it.
    pub fn send(&self, frame: &[u8]) -> bool {
        self.0.send(frame).is_ok()
    }

    /// Waits for a frame from the guest.
    ///
    /// # Errors
    /// The socket's own; an empty frame means that the port is closed.
    pub fn receive(&self) -> io::Result<Vec<u8>> {
        let mut frame = vec![0; 65536];
        let len = self.0.recv(&mut frame)?;
        frame.truncate(len);
        Ok(frame)
    }

    /// Ends [`Port::receive`], in whichever thread it waits.
    pub fn close(&self) {
        // It fails when the other side is gone, which ends it too.
        let _ = self.0.shutdown(std::net::Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forward_leads_from_the_loopback_only() {
        let lan =
            Network::User { net: Some("192.168.1.0/24".into()), forwards: vec![(2222, "192.168.1.1".into(), 22)] };
        assert_eq!(lan.netdev(1, -1), "user,id=net1,net=192.168.1.0/24,hostfwd=tcp:127.0.0.1:2222-192.168.1.1:22");
    }
}
