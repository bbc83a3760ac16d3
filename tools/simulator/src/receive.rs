// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the kernel's stack does with a packet before the first hook sees it.
//!
//! A packet whose IP header is wrong goes nowhere (RFC 1122, 3.2.1; RFC 8200, 4; RFC 4291, 2.5.3 and 2.7), and what the
//! link added behind the packet is cut off.

use packet::checksum;

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const IPV6_HEADER: usize = 40;
const HOP_BY_HOP: u8 = 0;
/// How many options a hop-by-hop header may have: the kernel's default of `max_hbh_opts_number`.
const OPTIONS: usize = 8;
/// How many bytes of padding may stand between two options (RFC 4942, 2.1.9.5).
const PADDING: usize = 7;

/// How many of the bytes are the packet's, from the network header on; what is no IP has all of them.
///
/// # Errors
///
/// The kernel drops it: why.
pub(crate) fn length(packet: &[u8], kind: u16) -> Result<usize, &'static str> {
    match kind {
        IPV4 => ipv4(packet),
        IPV6 => ipv6(packet),
        _ => Ok(packet.len()),
    }
}

fn word(packet: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([packet[at], packet[at + 1]]))
}

fn ipv4(packet: &[u8]) -> Result<usize, &'static str> {
    if packet.len() < 20 {
        return Err("the IPv4 header is cut short");
    }
    let header = usize::from(packet[0] & 15) * 4;
    if packet[0] >> 4 != 4 || header < 20 {
        return Err("there is no IPv4 header");
    }
    let options = packet.get(..header).ok_or("the IPv4 header is cut short")?;
    if checksum(options) != 0 {
        return Err("the checksum of the IPv4 header is wrong");
    }
    match word(packet, 2) {
        total if total > packet.len() => Err("the packet is cut short"),
        total if total < header => Err("the length in the IPv4 header is less than the header's"),
        total => Ok(total),
    }
}

fn ipv6(packet: &[u8]) -> Result<usize, &'static str> {
    const LOOPBACK: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const MULTICAST: u8 = 0xff;
    if packet.len() < IPV6_HEADER {
        return Err("the IPv6 header is cut short");
    }
    if packet[0] >> 4 != 6 {
        return Err("there is no IPv6 header");
    }
    let (source, destination) = (&packet[8..24], &packet[24..40]);
    if source == LOOPBACK || destination == LOOPBACK {
        return Err("the loopback address comes from outside");
    }
    if destination[0] == MULTICAST && destination[1] & 15 <= 1 {
        return Err("multicast of this scope does not leave its node");
    }
    if source[0] == MULTICAST {
        return Err("a multicast address sends");
    }
    let (payload, jumbo) = (word(packet, 4), word(packet, 4) == 0 && packet[6] == HOP_BY_HOP);
    let length = if jumbo { packet.len() } else { payload + IPV6_HEADER };
    let packet = packet.get(..length).ok_or("the packet is cut short")?;
    if packet[6] == HOP_BY_HOP {
        options(packet)?;
    }
    Ok(length)
}

/// The options of a hop-by-hop header (RFC 8200, 4.2 and 4.3).
fn options(packet: &[u8]) -> Result<(), &'static str> {
    const CUT: &str = "the hop-by-hop header is cut short";
    const WRONG: &str = "an option of the hop-by-hop header is wrong";
    let end = IPV6_HEADER + (usize::from(*packet.get(IPV6_HEADER + 1).ok_or(CUT)?) + 1) * 8;
    let packet = packet.get(..end).ok_or(CUT)?;
    let (mut at, mut padding, mut count) = (IPV6_HEADER + 2, 0, 0);
    while at < end {
        let kind = packet[at];
        if kind == 0 {
            padding += 1;
            at += 1;
        } else {
            let length = usize::from(*packet.get(at + 1).ok_or(WRONG)?);
            let option = packet.get(at + 2..at + 2 + length).ok_or(WRONG)?;
            if kind == 1 {
                padding += 2 + length;
                if option.iter().any(|byte| *byte != 0) {
                    return Err(WRONG);
                }
            } else {
                count += 1;
                padding = 0;
                if count > OPTIONS || !known(kind, option, at) {
                    return Err(WRONG);
                }
            }
            at += 2 + length;
        }
        if padding > PADDING {
            return Err("the hop-by-hop header has more padding than that");
        }
    }
    Ok(())
}

/// Whether a packet with this option, which stands so far from the IPv6 header, goes on.
fn known(kind: u8, option: &[u8], at: usize) -> bool {
    match kind {
        // Router alert (RFC 2711).
        0x05 => option.len() == 2,
        // CALIPSO (RFC 5570), which the kernel does not enforce.
        0x07 => option.len() >= 8 && usize::from(option[4]) * 4 + 8 <= option.len(),
        // IOAM (RFC 9486), which is off.
        0x31 => at.is_multiple_of(4),
        // No frame is as long as a jumbogram (RFC 2675).
        0xc2 => false,
        // The first bits say what becomes of a packet whose option is not known.
        _ => kind >> 6 == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop_by_hop(options: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x60, 0, 0, 0, 0, (2 + options.len()) as u8, 0, 64];
        for last in [1, 2] {
            packet.extend([0xfd, 0, 0, last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
        }
        packet.extend([59, ((2 + options.len()) / 8 - 1) as u8]);
        packet.extend(options);
        packet
    }

    #[test]
    fn a_packet_is_as_long_as_its_header_says() {
        let mut packet = vec![0x45, 0, 0, 21, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 0, 2, 10, 2, 0, 2];
        let sum = checksum(&packet);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(length(&packet, IPV4), Err("the packet is cut short"));
        packet.extend([1, 2, 3]);
        assert_eq!(length(&packet, IPV4), Ok(21));
        packet[8] = 63;
        assert_eq!(length(&packet, IPV4), Err("the checksum of the IPv4 header is wrong"));
        assert_eq!(length(&packet, 0x0806), Ok(23));
    }

    #[test]
    fn options_are_known_or_may_be_ignored() {
        for (options, right) in [
            ([1, 4, 0, 0, 0, 0], true),
            ([1, 4, 0, 0, 1, 0], false),
            ([0, 0, 0, 0, 0, 0], true),
            ([5, 2, 0, 0, 1, 0], true),
            ([5, 3, 0, 0, 0, 0], false),
            ([0x1e, 4, 0, 0, 0, 0], true),
            ([0x5e, 4, 0, 0, 0, 0], false),
            ([0xc2, 4, 0, 1, 0, 0], false),
            ([0x1e, 5, 0, 0, 0, 0], false),
        ] {
            assert_eq!(length(&hop_by_hop(&options), IPV6).is_ok(), right, "{options:?}");
        }
        let packet = hop_by_hop(&[0; 14]);
        assert_eq!(length(&packet, IPV6), Err("the hop-by-hop header has more padding than that"));
        assert_eq!(length(&hop_by_hop(&[0; 6])[..44], IPV6), Err("the packet is cut short"));
    }

    #[test]
    fn addresses_that_no_neighbour_has_are_refused() {
        let packet = hop_by_hop(&[1, 4, 0, 0, 0, 0]);
        for (at, bytes) in [(8, &[0xff, 2][..]), (24, &[0xff, 0x11]), (24, &[0xff, 0x10])] {
            let mut packet = packet.clone();
            packet[at..at + bytes.len()].copy_from_slice(bytes);
            assert!(length(&packet, IPV6).is_err(), "{at}");
        }
        let mut packet = packet.clone();
        packet[24..26].copy_from_slice(&[0xff, 2]);
        assert!(length(&packet, IPV6).is_ok());
    }
}
