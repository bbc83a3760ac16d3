// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a provider's PPP asks for, gives and takes: the options of LCP (RFC 1661), IPCP (RFC 1332, RFC 1877) and IPv6CP
//! (RFC 5072).

use crate::addresses::{GATEWAY, ROUTER_WAN};
use crate::control::{option, options, Opinion, Packet};

/// The largest packet that fits into a frame with PPPoE's headers (RFC 2516).
pub(crate) const MRU: u16 = 1492;

/// Options.
const LCP_MRU: u8 = 1;
pub(crate) const LCP_AUTHENTICATION: u8 = 3;
const LCP_MAGIC: u8 = 5;
pub(crate) const IPCP_ADDRESS: u8 = 3;
const IPCP_NAME_SERVERS: [u8; 2] = [129, 131];
pub(crate) const IPV6CP_IDENTIFIER: u8 = 1;

/// Our magic number.
pub(crate) const MAGIC: [u8; 4] = *b"lab!";
/// The identifiers of our interface, which makes its address fe80::1, and of the router's if it has none.
const OURS: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
const ROUTERS: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 0x50];

/// The largest packet that a request for LCP's options says is taken, as far as one may be.
pub(crate) fn requested_mru(request: Packet<'_>) -> Option<u16> {
    let options = options(request.data)?;
    let value = options.iter().find(|option| option.0 == LCP_MRU)?.1;
    Some(u16::from_be_bytes(value.try_into().ok()?).min(MRU))
}

/// What we ask of LCP, this way to say who calls included.
pub(crate) fn lcp_options(authentication: &[u8]) -> Vec<u8> {
    let mru = option(LCP_MRU, &MRU.to_be_bytes());
    [mru, option(LCP_AUTHENTICATION, authentication), option(LCP_MAGIC, &MAGIC)].concat()
}

/// What we ask of IPCP.
pub(crate) fn ipcp_options() -> Vec<u8> {
    option(IPCP_ADDRESS, &GATEWAY.octets())
}

/// What we ask of IPv6CP.
pub(crate) fn ipv6cp_options() -> Vec<u8> {
    option(IPV6CP_IDENTIFIER, &OURS)
}

/// What is said to an option of LCP's.
pub(crate) fn lcp(kind: u8, value: &[u8]) -> Opinion {
    match (kind, value) {
        (LCP_MRU, &[high, low]) if u16::from_be_bytes([high, low]) <= MRU => Opinion::Yes,
        (LCP_MRU, _) => Opinion::Rather(MRU.to_be_bytes().to_vec()),
        (LCP_MAGIC, value) if value.len() == 4 && value != MAGIC => Opinion::Yes,
        // Neither what PPPoE has no use for (RFC 2516, 7), nor a name of ours.
        _ => Opinion::No,
    }
}

/// What is said to an option of IPCP's.
pub(crate) fn ipcp(kind: u8, value: &[u8]) -> Opinion {
    let ours = match kind {
        IPCP_ADDRESS => ROUTER_WAN,
        kind if IPCP_NAME_SERVERS.contains(&kind) => GATEWAY,
        _ => return Opinion::No,
    };
    if value == ours.octets() {
        Opinion::Yes
    } else {
        Opinion::Rather(ours.octets().to_vec())
    }
}

/// What is said to an option of IPv6CP's.
pub(crate) fn ipv6cp(kind: u8, value: &[u8]) -> Opinion {
    match kind {
        IPV6CP_IDENTIFIER if value.len() == 8 && value != [0; 8] && value != OURS => Opinion::Yes,
        IPV6CP_IDENTIFIER => Opinion::Rather(ROUTERS.to_vec()),
        _ => Opinion::No,
    }
}
