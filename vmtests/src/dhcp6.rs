// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A provider's DHCPv6 (RFC 8415): an address for the router, and a prefix for its networks.

use crate::addresses::{ROUTER_WAN6, SERVER6, WAN_HOST};
use crate::provider6::Service;
use smoltcp::wire::Ipv6Cidr;

/// Messages.
/// Who looks for servers.
pub const SOLICIT: u8 = 1;
const ADVERTISE: u8 = 2;
const REQUEST: u8 = 3;
const CONFIRM: u8 = 4;
const RENEW: u8 = 5;
const REBIND: u8 = 6;
/// The server's answer to all but a solicitation.
pub const REPLY: u8 = 7;
const RELEASE: u8 = 8;
const DECLINE: u8 = 9;
/// What has an address already and asks for the rest.
pub const INFORMATION_REQUEST: u8 = 11;

/// Options.
/// The client's identifier.
pub const CLIENT: u16 = 1;
const SERVER: u16 = 2;
const IA_NA: u16 = 3;
const IA_ADDRESS: u16 = 5;
const STATUS: u16 = 13;
const RAPID_COMMIT: u16 = 14;
/// Who is asked for names.
pub const NAME_SERVERS: u16 = 23;
/// The domains that names are looked for in.
pub const DOMAINS: u16 = 24;
/// What the client wants to know.
pub const WANTED: u16 = 6;
/// What the client wants prefixes for.
pub const IA_PD: u16 = 25;
const IA_PREFIX: u16 = 26;
/// A part of a prefix that its client may not use (RFC 6603).
pub const PD_EXCLUDE: u16 = 67;
/// The client bears to be told when to ask anew.
pub const RECONFIGURE_ACCEPT: u16 = 20;
/// Who is asked for the time (RFC 5908).
pub const NTP_SERVERS: u16 = 56;
/// How long a client without a server waits (RFC 7083).
pub const SOL_MAX_RT: u16 = 82;

/// Statuses.
const SUCCESS: u16 = 0;
const NO_ADDRESS: u16 = 2;
const NO_PREFIX: u16 = 6;

/// Seconds: when the router asks for more time, and where from others, and how long it may use what it has.
const RENEWED: u32 = 1800;
const REBOUND: u32 = 2880;
const PREFERRED: u32 = 3600;
const VALID: u32 = 7200;

/// What becomes of an address or a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Address,
    Prefix,
    /// The router gives all back.
    Released,
}

/// The answer to a router's message by such a service, and what comes of it.
pub(crate) fn answer(message: &[u8], service: &Service) -> Option<(Vec<u8>, Vec<Event>)> {
    let (&[kind, a, b, c], rest) = message.split_first_chunk()?;
    let asked = options(rest)?;
    let find = |wanted: u16| asked.iter().find(|option| option.0 == wanted).map(|option| option.1);
    let rapid = kind == SOLICIT && find(RAPID_COMMIT).is_some();
    let to_us = match kind {
        SOLICIT | CONFIRM | REBIND => find(SERVER).is_none() && find(CLIENT).is_some(),
        REQUEST | RENEW | RELEASE | DECLINE => find(SERVER) == Some(&server()) && find(CLIENT).is_some(),
        INFORMATION_REQUEST => find(SERVER).is_none_or(|id| id == server()),
        _ => false,
    };
    if !to_us {
        return None;
    }
    let code = if kind == SOLICIT && !rapid { ADVERTISE } else { REPLY };
    let mut answer = vec![code, a, b, c];
    let mut events = Vec::new();
    answer.extend(option(SERVER, &server()));
    answer.extend(find(CLIENT).into_iter().flat_map(|id| option(CLIENT, id)));
    if rapid {
        answer.extend(option(RAPID_COMMIT, &[]));
    }
    match kind {
        CONFIRM => answer.extend(status(SUCCESS)),
        RELEASE | DECLINE => {
            events.push(Event::Released);
            answer.extend(status(SUCCESS));
        }
        INFORMATION_REQUEST => (),
        _ => {
            for &(kind, value) in &asked {
                let (ours, none, event) = match kind {
                    IA_NA => (service.address.then(address), NO_ADDRESS, Event::Address),
                    IA_PD => (Some(prefixes(service)), NO_PREFIX, Event::Prefix),
                    _ => continue,
                };
                let id = value.get(..4)?;
                let ours = ours.filter(|_| !events.contains(&event));
                events.extend(ours.is_some().then_some(event));
                let ours = ours.unwrap_or_else(|| status(none));
                answer.extend(option(kind, &[id, &seconds(RENEWED, REBOUND), &ours].concat()));
            }
        }
    }
    answer.extend(option(NAME_SERVERS, &SERVER6.octets()));
    if code == ADVERTISE {
        events.clear();
    }
    Some((answer, events))
}

/// Who we are: a DUID of our hardware address.
fn server() -> Vec<u8> {
    [&[0, 3, 0, 1], WAN_HOST.as_bytes()].concat()
}

fn address() -> Vec<u8> {
    option(IA_ADDRESS, &[&ROUTER_WAN6.octets()[..], &seconds(PREFERRED, VALID)].concat())
}

/// The prefix of now, and the one whose time is over.
fn prefixes(service: &Service) -> Vec<u8> {
    let gone = service.former.map(|former| prefix(former, &seconds(0, 0))).unwrap_or_default();
    [prefix(service.prefix, &seconds(PREFERRED, VALID)), gone].concat()
}

fn prefix(prefix: Ipv6Cidr, times: &[u8]) -> Vec<u8> {
    option(IA_PREFIX, &[times, &[prefix.prefix_len()], &prefix.address().octets()].concat())
}

fn status(code: u16) -> Vec<u8> {
    option(STATUS, &code.to_be_bytes())
}

fn seconds(first: u32, second: u32) -> Vec<u8> {
    [first.to_be_bytes(), second.to_be_bytes()].concat()
}

/// An option.
pub fn option(kind: u16, value: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), &(value.len() as u16).to_be_bytes(), value].concat()
}

/// The options in these bytes, if they are nothing else.
pub fn options(mut bytes: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut options = Vec::new();
    while let Some((&[a, b, c, d], rest)) = bytes.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([c, d]));
        options.push((u16::from_be_bytes([a, b]), rest.get(..length)?));
        bytes = &rest[length..];
    }
    bytes.is_empty().then_some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, more: &[Vec<u8>]) -> Vec<u8> {
        [&[kind, 1, 2, 3], &option(CLIENT, b"router")[..], &more.concat()].concat()
    }

    fn associations() -> [Vec<u8>; 2] {
        [option(IA_NA, &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), option(IA_PD, &[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])]
    }

    fn answer(message: &[u8]) -> Option<(Vec<u8>, Vec<Event>)> {
        super::answer(message, &Service::default())
    }

    fn gives(answer: &[u8]) -> bool {
        let given = options(&answer[4..]).expect("options");
        let part = |kind: u16| given.iter().find(|option| option.0 == kind).map(|option| option.1);
        let (address, prefix) = (part(IA_NA).expect("an address"), part(IA_PD).expect("a prefix"));
        part(CLIENT) == Some(b"router")
            && part(SERVER) == Some(&server())
            && address[..4] == [0, 0, 0, 1]
            && address[12..] == self::address()
            && prefix[..4] == [0, 0, 0, 2]
            && prefix[12..] == prefixes(&Service::default())
    }

    #[test]
    fn a_router_is_offered_and_given_an_address_and_a_prefix() {
        let (offer, events) = answer(&message(SOLICIT, &associations())).expect("an offer");
        assert!(offer[..4] == [ADVERTISE, 1, 2, 3] && gives(&offer) && events.is_empty());
        let [first, second] = associations();
        for (kind, server) in [(REQUEST, Some(server())), (RENEW, Some(server())), (REBIND, None)] {
            let server = server.map(|id| option(SERVER, &id)).unwrap_or_default();
            let (reply, events) = answer(&message(kind, &[server, first.clone(), second.clone()])).expect("a reply");
            assert!(reply[0] == REPLY && gives(&reply), "message {kind}: {reply:?}");
            assert_eq!(events, [Event::Address, Event::Prefix]);
        }
        let (reply, events) = answer(&message(SOLICIT, &[option(RAPID_COMMIT, &[]), first, second])).expect("a reply");
        assert!(reply[0] == REPLY && gives(&reply) && events.len() == 2);
    }

    #[test]
    fn a_router_gives_back_and_asks_for_less() {
        let ours = option(SERVER, &server());
        let (reply, events) = answer(&message(RELEASE, &[ours])).expect("a reply");
        assert_eq!((reply[0], events), (REPLY, vec![Event::Released]));
        let (reply, events) = answer(&message(INFORMATION_REQUEST, &[])).expect("a reply");
        assert!(reply.ends_with(&option(NAME_SERVERS, &SERVER6.octets())) && events.is_empty());
        assert!(answer(&message(REQUEST, &associations())).is_none(), "another server was meant");
        assert!(answer(&message(ADVERTISE, &[])).is_none(), "a server speaks");
    }

    #[test]
    fn a_service_may_have_no_address_and_a_prefix_that_is_gone() {
        let former = Ipv6Cidr::new(SERVER6, 48);
        let service = Service { address: false, former: Some(former), ..Service::default() };
        let [first, second] = associations();
        let ask = message(SOLICIT, &[option(RAPID_COMMIT, &[]), first, second]);
        let (reply, events) = super::answer(&ask, &service).expect("a reply");
        assert_eq!(events, [Event::Prefix]);
        let given = options(&reply[4..]).expect("options");
        let part = |kind: u16| given.iter().find(|option| option.0 == kind).map(|option| &option.1[12..]);
        assert_eq!(part(IA_NA), Some(&status(NO_ADDRESS)[..]));
        let prefixes = options(part(IA_PD).expect("prefixes")).expect("options");
        let times: Vec<_> = prefixes.iter().map(|prefix| (prefix.1[..8] != [0; 8], prefix.1[8])).collect();
        assert_eq!(times, [(true, 56), (false, 48)]);
    }

    #[test]
    fn what_is_cut_short_is_no_message() {
        let whole = message(SOLICIT, &associations());
        let ends: Vec<_> = (0..whole.len()).filter(|&length| answer(&whole[..length]).is_some()).collect();
        // It may end behind an option.
        assert_eq!(ends, [14, 30]);
    }
}
