// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Ethernet frames with IPv4, byte by byte.

const ETHERNET: usize = 14;
const IPV4: usize = 20;
const TCP: u8 = 6;
const UDP: u8 = 17;
/// Of a frame without its checksum; cards pad what is shorter.
const SHORTEST: usize = 60;

/// Who sends a frame, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Hardware addresses, source first.
    pub hardware: [[u8; 6]; 2],
    /// IPv4 addresses, source first.
    pub address: [[u8; 4]; 2],
    /// Ports, source first.
    pub port: [u16; 2],
}

/// A UDP datagram.
pub fn udp(ends: Ends, payload: &[u8]) -> Vec<u8> {
    let mut segment = ports(ends);
    segment.extend((8 + payload.len() as u16).to_be_bytes());
    segment.extend([0, 0]);
    segment.extend(payload);
    seal(ends, UDP, &mut segment, 6);
    ipv4(ends, UDP, &segment)
}

/// A TCP segment in the middle of a connection: PSH and ACK.
pub fn tcp(ends: Ends, payload: &[u8]) -> Vec<u8> {
    let mut segment = ports(ends);
    segment.extend(0x1000_0001_u32.to_be_bytes()); // sequence
    segment.extend(0x2000_0001_u32.to_be_bytes()); // acknowledgement
    segment.extend([5 << 4, 0x18]);
    segment.extend(502_u16.to_be_bytes()); // window
    segment.extend([0, 0, 0, 0]); // checksum, urgent
    segment.extend(payload);
    seal(ends, TCP, &mut segment, 16);
    ipv4(ends, TCP, &segment)
}

fn ports(ends: Ends) -> Vec<u8> {
    ends.port.map(u16::to_be_bytes).concat()
}

/// Puts the transport's checksum at `at`, where zeros are.
fn seal(ends: Ends, protocol: u8, segment: &mut [u8], at: usize) {
    let mut pseudo = ends.address.concat();
    pseudo.extend([0, protocol]);
    pseudo.extend((segment.len() as u16).to_be_bytes());
    pseudo.extend(&*segment);
    segment[at..at + 2].copy_from_slice(&checksum(&pseudo).to_be_bytes());
}

fn ipv4(ends: Ends, protocol: u8, segment: &[u8]) -> Vec<u8> {
    let [source, destination] = ends.hardware;
    let mut frame = [destination, source].concat();
    frame.extend([0x08, 0x00]);
    frame.extend([0x45, 0]);
    frame.extend(((IPV4 + segment.len()) as u16).to_be_bytes());
    frame.extend([0, 1, 0x40, 0, 64, protocol, 0, 0]); // identification, don't fragment, TTL, checksum
    frame.extend(ends.address.concat());
    let sum = checksum(&frame[ETHERNET..]);
    frame[ETHERNET + 10..ETHERNET + 12].copy_from_slice(&sum.to_be_bytes());
    frame.extend(segment);
    frame.resize(frame.len().max(SHORTEST), 0);
    frame
}

/// The Internet checksum (RFC 1071).
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | pair.get(1).copied().map_or(0, u32::from));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDS: Ends = Ends { hardware: [[2; 6], [4; 6]], address: [[10, 1, 0, 2], [10, 2, 0, 2]], port: [4660, 9999] };

    /// What a receiver does: with its checksum in place, the sum is zero.
    fn verify(frame: &[u8], protocol: u8) {
        assert_eq!(checksum(&frame[14..34]), 0, "header");
        let length = usize::from(u16::from_be_bytes([frame[16], frame[17]]));
        let mut pseudo = frame[26..34].to_vec();
        pseudo.extend([0, protocol]);
        pseudo.extend((length as u16 - 20).to_be_bytes());
        pseudo.extend(&frame[34..14 + length]);
        assert_eq!(checksum(&pseudo), 0, "transport");
    }

    #[test]
    fn checksums_hold_for_even_and_odd_lengths() {
        for length in [0, 1, 2, 511] {
            let payload = vec![0xa7; length];
            verify(&udp(ENDS, &payload), 17);
            verify(&tcp(ENDS, &payload), 6);
        }
    }

    #[test]
    fn fields_are_where_the_standards_put_them() {
        let frame = udp(ENDS, b"abc");
        assert_eq!(frame.len(), 60);
        assert_eq!(frame[..14], [4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 8, 0]);
        assert_eq!(frame[26..34], [10, 1, 0, 2, 10, 2, 0, 2]);
        assert_eq!(frame[34..40], [0x12, 0x34, 0x27, 0x0f, 0, 11]);
        assert_eq!(frame[42..45], *b"abc");
        assert_eq!(tcp(ENDS, b"abc")[54..57], *b"abc");
    }
}
