// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Frames: some of bytes by chance, most of them packets with something wrong.

use crate::parts::{checksum, payload, IPV4, IPV6, TCP, UDP};
use crate::random::Random;
use crate::{Frame, Frames};

/// No frame is longer.
const LONGEST: usize = 1514;
/// The bytes before the packet.
const HEADER: usize = 14;

/// Makes frames, one after the other.
pub struct Mill {
    random: Random,
    destination: [u8; 6],
    frame: Vec<u8>,
}

impl Mill {
    /// Frames to this hardware address.
    pub fn new(destination: [u8; 6], seed: u64) -> Mill {
        Mill { random: Random::new(seed), destination, frame: Vec::new() }
    }

    fn make(&mut self) {
        self.frame.clear();
        self.frame.extend(self.destination);
        self.frame.extend([0x52, 0x54, 0, 0, 0xff, 1]);
        match self.random.below(8) {
            0 => self.noise(),
            1 => self.tagged(),
            _ => self.packet(),
        }
        for _ in 0..self.random.below(4) {
            self.damage();
        }
        self.frame.resize(self.frame.len().clamp(HEADER, LONGEST), 0);
        if self.random.below(4) != 0 {
            self.repair();
        }
    }

    /// Gives an IPv4 header what the kernel looks at before hooks do: a length and a checksum that
    /// are right. The rest of it stays wrong.
    fn repair(&mut self) {
        let Some((frame, packet)) = self.frame.split_at_mut_checked(HEADER) else { return };
        let length = usize::from(packet.first().copied().unwrap_or(0) & 15) * 4;
        if !frame.ends_with(&IPV4) || length < 20 || length > packet.len() {
            return;
        }
        let total = packet.len() as u16;
        packet[2..4].copy_from_slice(&total.to_be_bytes());
        packet[10..12].copy_from_slice(&[0, 0]);
        let sum = checksum(&packet[..length]);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
    }

    fn noise(&mut self) {
        self.frame.extend(if self.random.below(2) == 0 { IPV4 } else { IPV6 });
        self.bytes(LONGEST - HEADER);
    }

    /// Up to so many bytes by chance.
    fn bytes(&mut self, most: usize) {
        for _ in 0..self.random.below(most) {
            let byte = self.random.next() as u8;
            self.frame.push(byte);
        }
    }

    fn tagged(&mut self) {
        self.frame.extend([0x81, 0x00, 0, self.random.next() as u8]);
        self.packet();
    }

    /// A packet of IP, its lengths right.
    fn packet(&mut self) {
        let (protocol, segment) = self.segment();
        let last = self.random.below(4) as u8;
        if self.random.below(3) == 0 {
            self.frame.extend(IPV6);
            let extensions = self.extensions(protocol);
            let next = if extensions.is_empty() { protocol } else { [0, 43, 44, 60][self.random.below(4)] };
            self.frame.extend([0x60, 0, 0, 0]);
            self.frame.extend(((extensions.len() + segment.len()) as u16).to_be_bytes());
            self.frame.extend([next, 64]);
            for network in [1, 2] {
                self.frame.extend([0xfd, 0, 0, network, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 + last % 2]);
            }
            self.frame.extend(extensions);
        } else {
            self.frame.extend(IPV4);
            let options = self.random.below(3) * 4;
            let start = self.frame.len();
            self.frame.extend([0x45 + (options / 4) as u8, 0]);
            self.frame.extend(((20 + options + segment.len()) as u16).to_be_bytes());
            let fragment = if self.random.below(8) == 0 { self.random.next() as u16 & 0x3fff } else { 0 };
            self.frame.extend([self.random.next() as u8, 0]);
            self.frame.extend(fragment.to_be_bytes());
            self.frame.extend([64, protocol, 0, 0, 10, 1, 0, 2, 10, 2 - last / 3, 0, 2 - last / 3]);
            self.frame.extend(vec![1; options]);
            let sum = checksum(&self.frame[start..]);
            self.frame[start + 10..start + 12].copy_from_slice(&sum.to_be_bytes());
        }
        self.frame.extend(segment);
    }

    /// Extension headers of IPv6, the last of which leads to `protocol`.
    fn extensions(&mut self, protocol: u8) -> Vec<u8> {
        let mut headers = Vec::new();
        let count = self.random.below(4);
        for index in 0..count {
            let next = if index + 1 == count { protocol } else { [0, 43, 44, 60][self.random.below(4)] };
            let longer = self.random.below(2) as u8;
            headers.extend([next, longer]);
            headers.extend(vec![0; 6 + usize::from(longer) * 8]);
        }
        headers
    }

    fn segment(&mut self) -> (u8, Vec<u8>) {
        let port = |random: &mut Random| [53_u16, 443, 80, 9, random.next() as u16][random.below(5)].to_be_bytes();
        let ports = [port(&mut self.random), port(&mut self.random)].concat();
        let payload = payload(&mut self.random);
        let mut segment = ports;
        match self.random.below(5) {
            0 | 1 => {
                segment.extend(((8 + payload.len()) as u16).to_be_bytes());
                segment.extend([0, 0]);
                segment.extend(payload);
                (UDP, segment)
            }
            2 | 3 => {
                segment.extend(self.random.next().to_be_bytes());
                let options = self.random.below(4);
                let flags = [0x02, 0x10, 0x18, self.random.next() as u8][self.random.below(4)];
                segment.extend([(5 + options as u8) << 4, flags, 4, 0, 0, 0, 0, 0]);
                segment.extend(vec![1; options * 4]);
                segment.extend(payload);
                (TCP, segment)
            }
            _ => ([1, 58, 132, self.random.next() as u8][self.random.below(4)], payload),
        }
    }

    /// Makes something wrong.
    fn damage(&mut self) {
        let place = HEADER + self.random.below(self.frame.len().saturating_sub(HEADER));
        match self.random.below(5) {
            0 => self.frame.truncate(place),
            1 => self.bytes(64),
            // Lengths and counts are mostly near the beginning.
            2 => {
                let near = HEADER + self.random.below(60);
                if let Some(byte) = self.frame.get_mut(near) {
                    *byte = [0, 1, 0x7f, 0x80, 0xff][self.random.below(5)];
                }
            }
            _ => {
                if let Some(byte) = self.frame.get_mut(place) {
                    *byte ^= 1 << self.random.below(8);
                }
            }
        }
    }
}

impl Frames for Mill {
    fn next(&mut self) -> Frame<'_> {
        self.make();
        Frame { bytes: &self.frame, back: false }
    }
}
