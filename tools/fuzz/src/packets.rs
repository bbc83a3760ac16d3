// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Any bytes, as packets.

use packet::{
    dns, ethernet, hop, http_field, ip, network, ports, read, sni, tcp_reset, transport, udp_reply, LONGEST_NAME,
};

/// Reads them by all that reads packets: what is found lies within.
pub(crate) fn run(bytes: &[u8]) {
    let length = bytes.len();
    if let Some(found) = ports(bytes) {
        assert!(found.header <= length && found.payload.is_none_or(|at| at <= length), "ports leads out of the packet");
    }
    let _ = (ethernet(bytes), ip(bytes), transport(bytes));
    for offset in [0, 1, length.saturating_sub(1), length, usize::MAX] {
        assert_eq!(read::<i64>(bytes, offset).is_some(), offset.checked_add(8).is_some_and(|end| end <= length));
        assert_eq!(network::<3>(bytes, offset).is_some(), offset.checked_add(3).is_some_and(|end| end <= length));
        let _ = dns::name(bytes, offset, &mut dns::Text::new());
    }
    let _ = dns::question(bytes, &mut dns::Text::new());
    let (_, looked) = sni(bytes, &mut [0; LONGEST_NAME]);
    assert!(looked <= length.max(1) * 4, "a hello of {length} bytes took {looked} steps");
    let _ = http_field(bytes, b"host");
    let mut routed = bytes.to_vec();
    let _ = hop(&mut routed);
    for answer in [udp_reply, tcp_reset] {
        let Some(reply) = answer(bytes) else { continue };
        let payload = b"answer";
        let Some(length) = reply.length(payload.len()) else { continue };
        let mut frame = bytes.to_vec();
        frame.resize(length, 0);
        // A reply may refuse, but writes within the frame.
        let _ = reply.write(&mut frame, payload);
    }
}
