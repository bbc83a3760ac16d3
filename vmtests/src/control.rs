// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What PPP's control protocols have in common (RFC 1661): packets, options, and who has agreed to whose.

pub(crate) const REQUEST: u8 = 1;
const ACK: u8 = 2;
const NAK: u8 = 3;
const REJECT: u8 = 4;
pub(crate) const TERMINATE: u8 = 5;
pub(crate) const TERMINATED: u8 = 6;

/// What fits behind a packet's head into PPPoE's frames.
const ROOM: usize = 1488;

/// A packet of a control protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packet<'a> {
    pub code: u8,
    pub id: u8,
    pub data: &'a [u8],
}

impl<'a> Packet<'a> {
    /// The packet in these bytes, behind which there may be padding.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[code, id, high, low], _) = bytes.split_first_chunk()?;
        let data = bytes.get(4..usize::from(u16::from_be_bytes([high, low])))?;
        Some(Packet { code, id, data })
    }
}

/// The bytes of a packet; what does not fit is cut off.
pub(crate) fn packet(code: u8, id: u8, data: &[u8]) -> Vec<u8> {
    let data = &data[..data.len().min(ROOM)];
    [&[code, id], &(data.len() as u16 + 4).to_be_bytes()[..], data].concat()
}

/// An option: its kind, and its value.
pub(crate) fn option(kind: u8, value: &[u8]) -> Vec<u8> {
    [&[kind, value.len() as u8 + 2], value].concat()
}

/// The options in these bytes, if they are nothing else.
pub(crate) fn options(mut bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut options = Vec::new();
    while let [kind, length, ..] = *bytes {
        options.push((kind, bytes.get(2..usize::from(length))?));
        bytes = &bytes[usize::from(length)..];
    }
    bytes.is_empty().then_some(options)
}

/// What is said to an option.
pub(crate) enum Opinion {
    Yes,
    /// This value instead.
    Rather(Vec<u8>),
    No,
}

/// A control protocol, between us and the peer.
#[derive(Debug)]
pub(crate) struct Control {
    pub protocol: u16,
    /// Our options.
    ours: Vec<u8>,
    id: u8,
    /// Whether the peer has agreed to ours.
    agreed: bool,
    /// Whether we have agreed to the peer's.
    granted: bool,
}

impl Control {
    pub fn new(protocol: u16, ours: Vec<u8>) -> Self {
        Control { protocol, ours, id: 0, agreed: false, granted: false }
    }

    /// Whether both have agreed.
    pub fn is_open(&self) -> bool {
        self.agreed && self.granted
    }

    /// Whether the peer has yet to agree to what we asked for.
    pub fn is_waiting(&self) -> bool {
        !self.agreed
    }

    /// Nothing is agreed any more, and nothing asked for.
    pub fn close(&mut self) {
        (self.agreed, self.granted) = (true, false);
    }

    /// What we ask for.
    pub fn request(&self) -> Vec<u8> {
        packet(REQUEST, self.id, &self.ours)
    }

    /// Whether we still ask for an option of this kind.
    pub fn asks_for(&self, kind: u8) -> bool {
        options(&self.ours).is_some_and(|options| options.iter().any(|option| option.0 == kind))
    }

    /// What is sent when this comes; the `required` kind is named to who does not ask for it.
    pub fn hear(
        &mut self,
        packet: Packet<'_>,
        required: Option<u8>,
        judge: impl Fn(u8, &[u8]) -> Opinion,
    ) -> Option<Vec<u8>> {
        match packet.code {
            REQUEST => {
                let answer = answer(packet, required, judge)?;
                self.granted = answer[0] == ACK;
                Some(answer)
            }
            ACK => {
                self.agreed |= packet.id == self.id && packet.data == self.ours;
                None
            }
            // A provider's terms are what they are.
            NAK if packet.id == self.id => Some(self.ask_again()),
            REJECT if packet.id == self.id => {
                let rejected = options(packet.data)?;
                let ours = options(&self.ours)?;
                let left = ours.iter().filter(|ours| rejected.iter().all(|option| option.0 != ours.0));
                self.ours = left.flat_map(|&(kind, value)| option(kind, value)).collect();
                Some(self.ask_again())
            }
            TERMINATE => {
                self.close();
                Some(self::packet(TERMINATED, packet.id, &[]))
            }
            _ => None,
        }
    }

    fn ask_again(&mut self) -> Vec<u8> {
        self.id = self.id.wrapping_add(1);
        self.request()
    }
}

/// Our answer to what the peer asks for.
fn answer(request: Packet<'_>, required: Option<u8>, judge: impl Fn(u8, &[u8]) -> Opinion) -> Option<Vec<u8>> {
    let options = options(request.data)?;
    let (mut rejected, mut named) = (Vec::new(), Vec::new());
    for &(kind, value) in &options {
        match judge(kind, value) {
            Opinion::Yes => (),
            Opinion::Rather(value) => named.extend(option(kind, &value)),
            Opinion::No => rejected.extend(option(kind, value)),
        }
    }
    if let Some(kind) = required.filter(|required| options.iter().all(|option| option.0 != *required)) {
        if let Opinion::Rather(value) = judge(kind, &[]) {
            named.extend(option(kind, &value));
        }
    }
    Some(match (rejected.is_empty(), named.is_empty()) {
        (true, true) => packet(ACK, request.id, request.data),
        (true, false) => packet(NAK, request.id, &named),
        (false, _) => packet(REJECT, request.id, &rejected),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_and_options_are_whole_or_none() {
        let bytes = packet(REQUEST, 7, &option(3, &[1, 2]));
        let read = Packet::read(&bytes).expect("a packet");
        assert_eq!((read.code, read.id), (REQUEST, 7));
        assert_eq!(options(read.data), Some(vec![(3, &[1, 2][..])]));
        for length in 0..bytes.len() {
            assert!(Packet::read(&bytes[..length]).is_none(), "{length} bytes are a packet");
        }
        for broken in [&[3][..], &[3, 0], &[3, 1, 0], &[3, 5, 1, 2]] {
            assert_eq!(options(broken), None, "{broken:?}");
        }
    }
}
