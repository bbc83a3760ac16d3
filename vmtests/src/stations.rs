// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Hosts without a stack on both sides of the router: they send what they are told, and hear all that it sends.

use crate::addresses::{DELEGATED, LAN_HOST, ROUTER_WAN_PORT, WAN_HOST};
use crate::lab::Lab;
use crate::packets::{self, Packet};
use crate::wire::{Direction, Wire};
use anyhow::{bail, ensure, Context, Result};
use smoltcp::wire::{EthernetAddress, IpAddress, Ipv4Address};

/// Who marks the end of a turn, in the LAN and on the Internet.
const MARKER: (Ipv4Address, u16) = (Ipv4Address::new(192, 168, 1, 99), 9);
const MARKED: (Ipv4Address, u16) = (Ipv4Address::new(203, 0, 113, 99), 9);

/// Whose frames to everybody are.
const STRANGER: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 3]);

/// A side of the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The Internet's.
    Wan,
    /// The clients'.
    Lan,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Side::Wan => Side::Lan,
            Side::Lan => Side::Wan,
        }
    }
}

/// What the router sent on both sides during a turn.
#[derive(Debug, Default)]
pub struct Heard {
    /// On the Internet's.
    pub wan: Vec<Packet>,
    /// On the clients'.
    pub lan: Vec<Packet>,
}

impl Heard {
    /// The only packet on this side that `wanted` takes.
    ///
    /// # Errors
    /// There is none, or another one, too.
    pub fn one(&self, side: Side, wanted: impl Fn(&Packet) -> bool) -> Result<&Packet> {
        let all = self.on(side).iter().filter(|packet| wanted(packet)).collect::<Vec<_>>();
        ensure!(all.len() == 1, "one packet was awaited on the {side:?}, and these came: {all:?}; of {self:?}");
        Ok(all[0])
    }

    /// Whether no packet on this side is one that `wanted` takes.
    pub fn none(&self, side: Side, wanted: impl Fn(&Packet) -> bool) -> bool {
        !self.on(side).iter().any(wanted)
    }

    /// What came on this side, in order.
    pub fn on(&self, side: Side) -> &[Packet] {
        match side {
            Side::Wan => &self.wan,
            Side::Lan => &self.lan,
        }
    }
}

/// Hosts without a stack on both sides of the router.
pub struct Stations<'a> {
    /// The router, and the stacks beside them.
    pub lab: &'a mut Lab,
    router: EthernetAddress,
    turns: usize,
}

impl<'a> Stations<'a> {
    /// Puts hosts with these addresses into the LAN of a router that is up; the Internet has all others.
    ///
    /// # Errors
    /// As [`Lab::until`] and [`Lab::output`].
    pub fn new(lab: &'a mut Lab, inside: &[IpAddress]) -> Result<Self> {
        // A lease is used once nobody else has shown its address.
        lab.output("until ip -4 route show default | grep -q default; do usleep 200000; done")?;
        let router = lab.hardware_address("eth1")?;
        let mut stations = Stations { lab, router, turns: 0 };
        stations.place(&[inside, &[MARKER.0.into()]].concat())?;
        Ok(stations)
    }

    /// Puts hosts with these addresses into the LAN, too.
    ///
    /// # Errors
    /// As [`Lab::output`].
    pub fn place(&mut self, inside: &[IpAddress]) -> Result<()> {
        // Who is asked for an address of the hardware need not be there.
        let hardware = LAN_HOST.to_string().replace('-', ":");
        let neighbour = |address| format!("neigh replace {address} lladdr {hardware} dev eth1 nud permanent\n");
        let neighbours: String = inside.iter().map(neighbour).collect();
        self.lab.output(&format!("ip -batch - <<'END'\n{neighbours}END"))?;
        Ok(())
    }

    /// Waits until the router has an address, a prefix for its LAN and a way out by IPv6.
    ///
    /// # Errors
    /// As [`Lab::output`].
    pub fn ipv6_is_up(&mut self) -> Result<()> {
        let prefix = DELEGATED.address();
        self.lab.output(&format!(
            "until ip -6 address show dev eth1 | grep -q {prefix} && ip -6 route show default | grep -q default && \
             ip -6 address show dev eth0 | grep global | grep -vq tentative; do usleep 200000; done"
        ))?;
        Ok(())
    }

    /// Whether this packet comes out at the other side as it was.
    ///
    /// # Errors
    /// As [`Stations::turn`].
    pub fn passes(&mut self, from: Side, packet: &Packet) -> Result<bool> {
        let heard = self.turn(from, std::slice::from_ref(packet))?;
        let same = |out: &Packet| {
            (out.source, out.destination, &out.body) == (packet.source, packet.destination, &packet.body)
        };
        Ok(!heard.none(from.other(), same))
    }

    /// For how many seconds the router keeps a flow yet: the only one that `conntrack -L` with these words lists.
    ///
    /// # Errors
    /// There is none, or another one, too; as [`Lab::output`].
    pub fn kept(&mut self, flow: &str) -> Result<u32> {
        let list = self.lab.output(&format!("conntrack -L {flow}"))?;
        let [line] = list.lines().collect::<Vec<_>>()[..] else { bail!("one flow was awaited ({flow}): {list}") };
        // The protocol's name, its number, and the seconds.
        let seconds = line.split_whitespace().nth(2).and_then(|seconds| seconds.parse().ok());
        seconds.with_context(|| format!("there is no time in '{line}'"))
    }

    /// What the router sends until it has done all that these packets make it do.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn turn(&mut self, from: Side, packets: &[Packet]) -> Result<Heard> {
        let before = [Side::Wan, Side::Lan].map(|side| self.wire(side).frames().len());
        for packet in packets {
            self.send(from, packet)?;
        }
        // What is behind a packet on a cable, and passes, shows that the router is done with that. The second time, what
        // it sent to the first side is there, too.
        for _ in 0..2 {
            self.turns += 1;
            let mark = format!("end of turn {}.", self.turns).into_bytes();
            self.send(Side::Lan, &packets::udp(MARKER, MARKED, &mark))?;
            let out = self.arrives(Side::Wan, &mark, before[0])?;
            let port = out.ports().map_or(0, |ports| ports.0);
            let back = packets::udp(MARKED, (out.source, port), &mark);
            self.send(Side::Wan, &back)?;
            self.arrives(Side::Lan, &mark, before[1])?;
        }
        let marks = [MARKER.0.into(), MARKED.0.into()];
        let heard = |wire: &Wire, before: usize| {
            let frames = wire.frames()[before..].iter().filter(|frame| frame.direction == Direction::FromRouter);
            let packets = frames.filter_map(|frame| Packet::read(&frame.bytes));
            packets.filter(|packet| !marks.contains(&packet.source) && !marks.contains(&packet.destination)).collect()
        };
        Ok(Heard { wan: heard(&self.lab.wan.host.wire, before[0]), lan: heard(&self.lab.lan.host.wire, before[1]) })
    }

    /// Sends a packet as it is.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn send(&mut self, from: Side, packet: &Packet) -> Result<()> {
        let frame = match from {
            _ if packet.destination == Ipv4Address::BROADCAST.into() => {
                packet.frame(STRANGER, EthernetAddress::BROADCAST)
            }
            Side::Wan => packet.frame(WAN_HOST, ROUTER_WAN_PORT),
            Side::Lan => packet.frame(LAN_HOST, self.router),
        };
        self.lab.until("room for a frame", |lab| Ok(wire(lab, from).send(&frame).then_some(())))
    }

    /// The first packet with these bytes on this side, since it had so many frames.
    fn arrives(&mut self, side: Side, bytes: &[u8], before: usize) -> Result<Packet> {
        self.lab.until(&format!("packet on the {side:?}"), |lab| {
            let frames = wire(lab, side).frames()[before..].iter();
            let mut packets = frames.filter(|frame| frame.direction == Direction::FromRouter);
            Ok(packets.find_map(|frame| Packet::read(&frame.bytes).filter(|packet| packet.body.ends_with(bytes))))
        })
    }

    /// The cable of this side.
    pub fn wire(&mut self, side: Side) -> &mut Wire {
        wire(self.lab, side)
    }
}

fn wire(lab: &mut Lab, side: Side) -> &mut Wire {
    match side {
        Side::Wan => &mut lab.wan.host.wire,
        Side::Lan => &mut lab.lan.host.wire,
    }
}
