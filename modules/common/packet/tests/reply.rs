// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the packet crate promises of replies and of a hop, on random packets.
use packet::{checksum, ethernet, hop, ip, tcp_reset, udp_reply, Reply};
use proptest::prelude::*;

const UDP: u8 = 17;
const TCP: u8 = 6;

/// A frame between two hosts.
#[derive(Clone, Debug)]
struct Packet {
    tags: Vec<u16>,
    six: bool,
    /// Bytes of IPv4 options, or of a destination option of IPv6.
    options: usize,
    protocol: u8,
    /// From the ports on.
    transport: Vec<u8>,
    padding: usize,
}

impl Packet {
    fn source(&self) -> &'static [u8] {
        if self.six {
            &[0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        } else {
            &[192, 0, 2, 1]
        }
    }

    fn destination(&self) -> &'static [u8] {
        if self.six {
            &[0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
        } else {
            &[198, 51, 100, 7]
        }
    }

    fn frame(&self) -> Vec<u8> {
        let mut frame = vec![2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 4];
        for tag in &self.tags {
            frame.extend([0x81, 0]);
            frame.extend(tag.to_be_bytes());
        }
        if self.six {
            frame.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
            frame.extend(((self.options + self.transport.len()) as u16).to_be_bytes());
            frame.extend([if self.options > 0 { 60 } else { self.protocol }, 9]);
        } else {
            frame.extend([8, 0, 0x45 + self.options as u8 / 4, 0]);
            frame.extend(((20 + self.options + self.transport.len()) as u16).to_be_bytes());
            frame.extend([0, 7, 0, 0, 9, self.protocol, 0, 0]);
        }
        frame.extend(self.source());
        frame.extend(self.destination());
        let mut options = vec![0; self.options];
        if self.six && self.options > 0 {
            options[0] = self.protocol;
            options[1] = (self.options / 8 - 1) as u8;
        }
        frame.extend(options);
        frame.extend(&self.transport);
        frame.extend(vec![0; self.padding]);
        frame
    }
}

fn packet(protocol: u8, least: usize) -> impl Strategy<Value = Packet> {
    let transport = prop::collection::vec(any::<u8>(), least..200);
    (prop::collection::vec(1u16..4095, 0..=2), any::<bool>(), 0usize..4, transport, 0usize..20).prop_map(
        move |(tags, six, options, mut transport, padding)| {
            transport[1] |= 1; // port 0 is nobody's
            if protocol == TCP {
                transport[12] = 0x50 | transport[12] & 15;
            }
            Packet { tags, six, options: options * 8, protocol, transport, padding }
        },
    )
}

/// The reply as a frame, whatever was in the memory before.
fn written(reply: &Reply, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xa5; reply.length(payload.len()).unwrap()];
    reply.write(&mut frame, payload).unwrap();
    frame
}

/// The transport of a frame that is well formed, and the reverse of what it answers.
fn transport<'a>(frame: &'a [u8], asked: &Packet) -> &'a [u8] {
    let before = asked.frame();
    let header = ethernet(frame).unwrap();
    assert_eq!(header, ethernet(&before).unwrap(), "type and VLAN tags stay");
    assert_eq!((&frame[..6], &frame[6..12]), (&before[6..12], &before[..6]), "link addresses");
    assert_eq!(frame[12..header.network], before[12..header.network], "VLAN tags");
    let packet = &frame[header.network..];
    let ip = ip(packet).unwrap();
    assert_eq!((ip.protocol, ip.end, ip.fragment), (asked.protocol, packet.len(), false));
    let (transport, mut pseudo) = (&packet[ip.transport..], Vec::new());
    if asked.six {
        assert_eq!((ip.transport, packet[7]), (40, 64));
        assert_eq!((&packet[8..24], &packet[24..40]), (asked.destination(), asked.source()));
        pseudo.extend(&packet[8..40]);
    } else {
        assert_eq!((ip.transport, packet[8]), (20, 64));
        assert_eq!((&packet[12..16], &packet[16..20]), (asked.destination(), asked.source()));
        assert_eq!(checksum(&packet[..20]), 0, "of the header");
        pseudo.extend(&packet[12..20]);
    }
    assert_eq!((&transport[..2], &transport[2..4]), (&asked.transport[2..4], &asked.transport[..2]), "ports");
    pseudo.extend([0, ip.protocol]);
    pseudo.extend((transport.len() as u16).to_be_bytes());
    pseudo.extend(transport);
    assert_eq!(checksum(&pseudo), 0, "of the transport");
    transport
}

proptest! {
    #[test]
    fn a_datagram_is_answered_with_the_payload(asked in packet(UDP, 8), payload in prop::collection::vec(any::<u8>(), 0..300)) {
        let frame = written(&udp_reply(&asked.frame()).unwrap(), &payload);
        let answer = transport(&frame, &asked);
        prop_assert_eq!(&answer[8..], &payload[..]);
        prop_assert_eq!(usize::from(u16::from_be_bytes([answer[4], answer[5]])), answer.len());
        prop_assert!(answer[6..8] != [0, 0], "a checksum of 0 means none");
        prop_assert!(tcp_reset(&asked.frame()).is_none());
    }

    #[test]
    fn a_segment_is_answered_with_the_reset_that_its_sender_believes(asked in packet(TCP, 20)) {
        let word = |bytes: &[u8], offset: usize| u32::from_be_bytes(bytes[offset..offset + 4].try_into().unwrap());
        let flags = asked.transport[13];
        let Some(reply) = tcp_reset(&asked.frame()) else {
            prop_assert!(flags & 4 != 0, "only a reset is not answered");
            return Ok(());
        };
        let frame = written(&reply, &[]);
        let answer = transport(&frame, &asked);
        prop_assert_eq!((answer.len(), answer[12]), (20, 0x50));
        if flags & 16 != 0 {
            prop_assert_eq!((answer[13], word(answer, 4)), (4, word(&asked.transport, 8)));
        } else {
            let occupied = asked.transport.len() as u32 - 20 + u32::from(flags >> 1 & 1) + u32::from(flags & 1);
            let end = word(&asked.transport, 4).wrapping_add(occupied);
            prop_assert_eq!((answer[13], word(answer, 4), word(answer, 8)), (20, 0, end));
        }
        prop_assert!(tcp_reset(&frame).is_none(), "a reset of a reset");
        prop_assert!(udp_reply(&asked.frame()).is_none());
    }

    #[test]
    fn any_bytes_are_answered_or_not_without_a_fault(frame in prop::collection::vec(any::<u8>(), 0..120), size in 0usize..200) {
        for reply in [udp_reply(&frame), tcp_reset(&frame)].into_iter().flatten() {
            let mut memory = vec![0; size];
            let fits = reply.length(0) == Some(size);
            prop_assert_eq!(reply.write(&mut memory, &[]).is_some(), fits);
        }
    }

    #[test]
    fn a_torn_packet_is_not_answered(asked in prop_oneof![packet(UDP, 8), packet(TCP, 20)], cut in 1usize..100) {
        let mut frame = asked.frame();
        frame.truncate(frame.len() - asked.padding - cut.min(asked.transport.len()));
        prop_assert!(udp_reply(&frame).is_none() && tcp_reset(&frame).is_none());
    }

    #[test]
    fn a_hop_is_one_less_and_the_checksum_right(ttl: u8, six: bool, id: u16, protocol: u8) {
        let mut header = vec![if six { 0x60 } else { 0x45 }; 40];
        header[4..6].copy_from_slice(&id.to_be_bytes());
        let place = if six { 7 } else { 8 };
        (header[place], header[9]) = (ttl, protocol);
        let sum = |header: &mut [u8]| {
            if !six {
                header[10..12].fill(0);
                let sum = checksum(&header[..20]);
                header[10..12].copy_from_slice(&sum.to_be_bytes());
            }
        };
        sum(&mut header);
        let before = header.clone();
        let mut expected = before.clone();
        if hop(&mut header).is_some() {
            expected[place] = ttl - 1;
            sum(&mut expected);
        } else {
            prop_assert!(ttl < 2);
        }
        prop_assert_eq!(header, expected);
    }
}

#[test]
fn groups_fragments_and_strange_types_are_not_answered() {
    let asked = Packet { tags: vec![], six: false, options: 0, protocol: UDP, transport: vec![1; 12], padding: 0 };
    let changed = |place: usize, value: u8| {
        let mut frame = asked.frame();
        frame[place] = value;
        udp_reply(&frame)
    };
    assert!(changed(19, 7).is_some());
    for (place, value, why) in [
        (0, 3, "a link-layer group"),
        (30, 224, "to a multicast address"),
        (26, 0, "from nobody"),
        (26, 255, "from everybody"),
        (20, 0x20, "a fragment"),
        (13, 6, "ARP, it says"),
        (23, 1, "ICMP"),
    ] {
        assert!(changed(place, value).is_none(), "{why}");
    }
    let asked = Packet { six: true, ..asked };
    let mut frame = asked.frame();
    frame[38] = 0xff;
    assert!(udp_reply(&frame).is_none(), "to a multicast address");
    let mut frame = asked.frame();
    frame[22..38].fill(0);
    assert!(udp_reply(&frame).is_none(), "from nobody");
    assert_eq!(hop(&mut []), None);
    assert_eq!(hop(&mut [0x45; 11]), None, "a header cut short");
}

#[test]
fn a_reply_longer_than_a_packet_can_be_is_refused() {
    let asked = Packet { tags: vec![], six: false, options: 0, protocol: UDP, transport: vec![1; 12], padding: 0 };
    let reply = udp_reply(&asked.frame()).unwrap();
    assert_eq!(reply.length(65535 - 28), Some(65535 + 14));
    assert_eq!(reply.length(65535 - 27), None);
    assert_eq!(reply.length(usize::MAX), None);
    let asked = Packet { six: true, ..asked };
    let reply = udp_reply(&asked.frame()).unwrap();
    assert_eq!(reply.length(65535 - 8), Some(65535 + 54));
    assert_eq!(reply.length(65535 - 7), None);
}
