// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The lab's access concentrator against a small client.

use smoltcp::wire::{EthernetAddress, EthernetProtocol};
use std::time::Duration;
use vmtests::addresses::{GATEWAY, ROUTER_WAN, WAN_HOST};
use vmtests::frames;
use vmtests::md5::md5;
use vmtests::pppoe::{Authentication, Concentrator, Provider};

const CLIENT: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 9]);
const UNIQUE: &[u8] = &[1, 3, 0, 2, 0xab, 0xcd];
const LCP: u16 = 0xc021;
const IPCP: u16 = 0x8021;
const IPV6CP: u16 = 0x8057;
const PAP: u16 = 0xc023;
const CHAP: u16 = 0xc223;

/// A client that has dialled in.
struct Client {
    concentrator: Concentrator,
    session: u16,
}

fn concentrator(authentication: Authentication) -> Concentrator {
    Concentrator::new(Provider { user: "me@isp".into(), password: "secret".into(), authentication })
}

fn pppoe(to: EthernetAddress, protocol: u16, code: u8, session: u16, payload: &[u8]) -> Vec<u8> {
    let [session, length] = [session, payload.len() as u16].map(u16::to_be_bytes);
    let payload = [&[0x11, code], &session[..], &length, payload].concat();
    frames::ethernet(CLIENT, to, EthernetProtocol::from(protocol), &payload)
}

fn control(code: u8, id: u8, data: &[u8]) -> Vec<u8> {
    [&[code, id], &(data.len() as u16 + 4).to_be_bytes()[..], data].concat()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    frames::contains(bytes, part)
}

impl Client {
    /// Discovery, as far as a session.
    fn dial(mut concentrator: Concentrator) -> Self {
        let asked = [&[1, 1, 0, 0], UNIQUE].concat();
        concentrator.hear(&pppoe(EthernetAddress::BROADCAST, 0x8863, 0x09, 0, &asked));
        let offer = concentrator.take_to_router().remove(0);
        assert_eq!(offer[15], 0x07, "a PADO answers a PADI");
        assert!(has(&offer, UNIQUE) && has(&offer, &[1, 2, 0, 3, b'l', b'a', b'b']));
        // All of the offer, its cookie too.
        concentrator.hear(&pppoe(WAN_HOST, 0x8863, 0x19, 0, &offer[20..]));
        let session = concentrator.take_to_router();
        assert_eq!((session[0][15], has(&session[0], UNIQUE)), (0x65, true), "a PADS answers a PADR");
        let number = u16::from_be_bytes([session[0][16], session[0][17]]);
        let mut client = Client { concentrator, session: number };
        client.establish();
        client
    }

    fn say(&mut self, protocol: u16, packet: &[u8]) -> Vec<(u16, Vec<u8>)> {
        let payload = [&protocol.to_be_bytes(), packet].concat();
        self.concentrator.hear(&pppoe(WAN_HOST, 0x8864, 0, self.session, &payload));
        self.heard()
    }

    /// The session's packets that have come, and what ends it as protocol 0.
    fn heard(&mut self) -> Vec<(u16, Vec<u8>)> {
        let frames = self.concentrator.take_to_router();
        let read = |frame: Vec<u8>| match frame[15] {
            0 => (u16::from_be_bytes([frame[20], frame[21]]), frame[22..].to_vec()),
            code => (0, vec![code]),
        };
        frames.into_iter().map(read).collect()
    }

    fn establish(&mut self) {
        let ask = control(1, 5, &[1, 4, 0x05, 0xdc, 7, 2]);
        let heard = self.say(LCP, &ask);
        assert_eq!(heard[0], (LCP, control(4, 5, &[7, 2])));
        assert_eq!((heard[1].0, heard[1].1[0]), (LCP, 1), "the concentrator asks, too");
        let ask = control(1, 6, &[1, 4, 0x05, 0xdc, 5, 6, 1, 2, 3, 4]);
        assert_eq!(self.say(LCP, &ask), [(LCP, control(3, 6, &[1, 4, 0x05, 0xd4]))]);
        let ask = [1, 4, 0x05, 0xd4, 5, 6, 1, 2, 3, 4];
        assert_eq!(self.say(LCP, &control(1, 7, &ask)), [(LCP, control(2, 7, &ask))]);
        // What had no answer is said again.
        assert!(self.heard().is_empty());
        self.concentrator.tick(Duration::from_secs(3));
        assert_eq!(self.heard(), heard[1..]);
    }

    /// Agrees to what the concentrator asks of LCP: what it says then.
    fn agree(&mut self, authentication: &[u8]) -> Vec<(u16, Vec<u8>)> {
        let options = [&[1, 4, 0x05, 0xd4], authentication, &[5, 6], b"lab!"].concat();
        self.say(LCP, &control(2, 0, &options))
    }

    /// Has itself given addresses.
    fn configure(&mut self) {
        let ask = [2, 6, 0, 0x2d, 0, 1, 3, 6, 0, 0, 0, 0];
        assert_eq!(self.say(IPCP, &control(1, 1, &ask)), [(IPCP, control(4, 1, &ask[..6]))]);
        let nothing = [0; 4];
        let ask = |address: &[u8], server: &[u8]| [&[3, 6], address, &[129, 6], server, &[131, 6], server].concat();
        let given = ask(&ROUTER_WAN.octets(), &GATEWAY.octets());
        assert_eq!(self.say(IPCP, &control(1, 2, &ask(&nothing, &nothing))), [(IPCP, control(3, 2, &given))]);
        assert_eq!(self.say(IPCP, &control(1, 3, &given)), [(IPCP, control(2, 3, &given))]);
        assert!(!self.concentrator.is_open(), "one has agreed");
        let theirs = [&[3, 6][..], &GATEWAY.octets()].concat();
        assert!(self.say(IPCP, &control(2, 0, &theirs)).is_empty());
        assert!(self.concentrator.is_open() && self.concentrator.sessions() == 1);
        let ours = [1, 10, 0, 0, 0, 0, 0, 0, 0, 9];
        assert_eq!(self.say(IPV6CP, &control(1, 1, &ours)), [(IPV6CP, control(2, 1, &ours))]);
        self.say(IPV6CP, &control(2, 0, &[1, 10, 0, 0, 0, 0, 0, 0, 0, 1]));
        assert!(self.concentrator.has_ipv6());
    }
}

#[test]
fn a_session_by_pap_has_addresses_and_packets() {
    let mut client = Client::dial(concentrator(Authentication::Pap));
    assert!(client.agree(&[3, 4, 0xc0, 0x23]).is_empty());
    // Nothing else counts before the password.
    assert!(client.say(IPCP, &control(1, 1, &[])).is_empty());
    let heard = client.say(PAP, &control(1, 4, b"\x06me@isp\x06secret"));
    assert_eq!(heard[0], (PAP, control(2, 4, &[0])));
    assert_eq!(heard[1..].iter().map(|heard| heard.0).collect::<Vec<_>>(), [IPCP, IPV6CP]);
    client.configure();

    // CCP is another's business, an echo comes back.
    assert_eq!(client.say(0x80fd, &[1, 1, 0, 4]), [(LCP, control(8, 1, &[0x80, 0xfd, 1, 1, 0, 4]))]);
    assert_eq!(client.say(LCP, &control(9, 3, b"\x01\x02\x03\x04x")), [(LCP, control(10, 3, b"lab!x"))]);

    let packet = [0x45, 1, 2, 3];
    assert!(client.say(0x0021, &packet).is_empty());
    let frame = client.concentrator.take_to_host().remove(0);
    assert_eq!((&frame[..6], &frame[12..]), (WAN_HOST.as_bytes(), &[8, 0, 0x45, 1, 2, 3][..]));
    client.concentrator.say(&frame);
    assert_eq!(client.heard(), [(0x0021, packet.to_vec())]);
    client.concentrator.say(&frames::ethernet(WAN_HOST, CLIENT, EthernetProtocol::Ipv4, &[0; 1493]));
    assert_eq!((client.heard(), client.concentrator.faults.len()), (vec![], 1));
    client.say(0x0021, &[0; 1493]);
    assert_eq!((client.concentrator.take_to_host(), client.concentrator.faults.len()), (vec![], 2));

    // Whose the router's address is, the concentrator knows.
    let ask = [&[0, 1, 8, 0, 6, 4, 0, 1], WAN_HOST.as_bytes(), &GATEWAY.octets(), &[0; 6], &ROUTER_WAN.octets()];
    client.concentrator.say(&frames::ethernet(
        WAN_HOST,
        EthernetAddress::BROADCAST,
        EthernetProtocol::Arp,
        &ask.concat(),
    ));
    let answer = client.concentrator.take_to_host().remove(0);
    assert_eq!((answer[21], &answer[28..32]), (2, &ROUTER_WAN.octets()[..]));

    client.concentrator.deaf = true;
    assert!(client.say(LCP, &control(9, 3, b"\x01\x02\x03\x04")).is_empty());
    client.concentrator.deaf = false;
    client.concentrator.hang_up();
    assert_eq!(client.heard(), [(0, vec![0xa7])]);
    assert!(!client.concentrator.is_open() && client.concentrator.sessions() == 1);
}

#[test]
fn a_session_by_chap_ends_when_the_client_says_so() {
    let mut client = Client::dial(concentrator(Authentication::Chap));
    let challenge = client.agree(&[3, 5, 0xc2, 0x23, 5]).remove(0);
    assert_eq!((challenge.0, &challenge.1[..5]), (CHAP, &[1, 1, 0, 24, 16][..]));
    let digest = md5(&[&[1], &b"secret"[..], &challenge.1[5..21]].concat());
    let heard = client.say(CHAP, &control(2, 1, &[&[16], &digest[..], b"me@isp"].concat()));
    assert_eq!(heard[0], (CHAP, control(3, 1, &[])));
    client.configure();
    assert_eq!(client.say(LCP, &control(5, 9, b"bye")), [(LCP, control(6, 9, &[])), (0, vec![0xa7])]);
    assert!(!client.concentrator.is_open());
    // Who goes on in a session that is no more is told.
    assert_eq!(client.say(0x0021, &[0x45]), [(0, vec![0xa7])]);
    assert!(client.concentrator.take_to_host().is_empty());
}

#[test]
fn who_has_another_password_or_none_is_refused() {
    let wrong = control(1, 4, b"\x06me@isp\x06secreT");
    let mut client = Client::dial(concentrator(Authentication::Pap));
    client.agree(&[3, 4, 0xc0, 0x23]);
    assert_eq!(client.say(PAP, &wrong), [(PAP, control(3, 4, &[0])), (LCP, control(5, 1, &[]))]);
    assert_eq!(client.concentrator.refused(), 1);
    assert_eq!(client.say(LCP, &control(6, 1, &[])), [(0, vec![0xa7])]);

    let mut client = Client::dial(concentrator(Authentication::Chap));
    client.agree(&[3, 5, 0xc2, 0x23, 5]);
    // The way in by PAP is none here.
    assert!(client.say(PAP, &control(1, 4, b"\x06me@isp\x06secret")).is_empty());
    let heard = client.say(CHAP, &control(2, 1, &[&[16], &[0; 16][..], b"me@isp"].concat()));
    assert_eq!(heard, [(CHAP, control(4, 1, &[])), (LCP, control(5, 1, &[]))]);
    assert!(client.concentrator.refused() == 1 && client.concentrator.sessions() == 0);

    // Nor is there a way in without.
    let mut client = Client::dial(concentrator(Authentication::Chap));
    let heard = client.say(LCP, &control(4, 0, &[3, 5, 0xc2, 0x23, 5]));
    assert_eq!(heard.last(), Some(&(LCP, control(5, 1, &[]))));
}

#[test]
fn any_bytes_are_borne() {
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut client = Client::dial(concentrator(Authentication::Pap));
    client.agree(&[3, 4, 0xc0, 0x23]);
    for turn in 0..200_000 {
        if turn % 1000 == 0 {
            client = Client::dial(concentrator(Authentication::Pap));
            client.agree(&[3, 4, 0xc0, 0x23]);
            if turn % 2000 == 0 {
                client.say(PAP, &control(1, 4, b"\x06me@isp\x06secret"));
            }
        }
        let mut bytes: Vec<u8> = (0..random() % 40).map(|_| random() as u8).collect();
        if turn % 3 == 0 {
            bytes = control(1 + random() as u8 % 12, random() as u8 % 8, &bytes);
        }
        let protocol = [LCP, IPCP, IPV6CP, PAP, CHAP, 0x0021, 0x80fd][random() % 7];
        match random() % 4 {
            0 => client.concentrator.hear(&bytes),
            1 => client.concentrator.hear(&pppoe(WAN_HOST, 0x8863, [0x09, 0x19][random() % 2], 0, &bytes)),
            2 => client.concentrator.say(&frames::ethernet(WAN_HOST, CLIENT, EthernetProtocol::Arp, &bytes)),
            _ => drop(client.say(protocol, &bytes)),
        }
    }
}
