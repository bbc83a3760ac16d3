// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The fields of headers, each of which may be left out.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

use super::bytes::{Hex, Mac};

/// Declares a header whose fields are all optional, and how one fills what another leaves out.
macro_rules! headers {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
        }

        impl $name {
            /// The first, where what it does not say is as in the second.
            pub(crate) fn over(this: Option<$name>, other: Option<&$name>) -> Option<$name> {
                let (Some(this), Some(other)) = (this.clone(), other) else { return this };
                Some($name { $($field: this.$field.or_else(|| other.$field.clone()),)* })
            }
        }
    )*};
}

headers! {
    /// An Ethernet header.
    Ethernet {
        /// The sender's address.
        source: Mac,
        /// The receiver's address.
        destination: Mac,
        /// The VLAN that it is tagged with.
        vlan: u16,
        /// What it carries, if not what follows says.
        kind: u16,
    }
    /// An IPv4 header.
    Ipv4 {
        /// The sender.
        source: Ipv4Addr,
        /// The receiver.
        destination: Ipv4Addr,
        /// Time to live.
        ttl: u8,
        /// Type of service.
        tos: u8,
        /// Identification.
        id: u16,
        /// Flags and offset.
        fragment: u16,
        /// What the header carries, if not what follows says.
        protocol: u8,
        /// Options, a multiple of four bytes.
        options: Hex,
    }
    /// An IPv6 header.
    Ipv6 {
        /// The sender.
        source: Ipv6Addr,
        /// The receiver.
        destination: Ipv6Addr,
        /// Hop limit.
        hop_limit: u8,
        /// Traffic class.
        traffic_class: u8,
        /// What the header carries, if not what follows says.
        protocol: u8,
        /// Extension headers, in order.
        extensions: Vec<Extension>,
    }
    /// A TCP header.
    Tcp {
        /// The sender's port.
        source: u16,
        /// The receiver's port.
        destination: u16,
        /// The first byte's number.
        sequence: u32,
        /// The next byte's that is expected.
        acknowledgment: u32,
        /// What it says beside.
        flags: Vec<Flag>,
        /// The window.
        window: u16,
        /// Options, a multiple of four bytes.
        options: Hex,
    }
    /// A UDP header.
    Udp {
        /// The sender's port.
        source: u16,
        /// The receiver's port.
        destination: u16,
    }
    /// A message of ICMP.
    Icmp {
        /// What it is: 8 (128 in IPv6), an echo request, unless given.
        kind: u8,
        /// Its code.
        code: u8,
        /// The identifier of who asks.
        id: u16,
        /// The number of the question.
        sequence: u16,
    }
}

/// An extension header of IPv6.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Its number: 0 is hop-by-hop options, 43 routing, 44 a fragment, 60 options for the destination.
    pub kind: u8,
    /// Its bytes behind the number of the next header.
    pub hex: Hex,
}

/// A flag of TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Flag {
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
    Urg = 32,
    Ece = 64,
    Cwr = 128,
}

impl Tcp {
    /// The number of the first byte behind a segment with so many.
    pub(crate) fn next(&self, payload: usize) -> u32 {
        let flags = self.flags.as_deref().unwrap_or(&[]);
        let counted = flags.iter().filter(|flag| matches!(flag, Flag::Syn | Flag::Fin)).count();
        // Numbers are of 32 bits, and begin again.
        self.sequence.unwrap_or(1).wrapping_add((payload + counted) as u32)
    }
}
