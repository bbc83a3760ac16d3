// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What connection tracking makes of the segments of a TCP connection, by their flags: it takes those that hosts send, in
//! windows or not, for this does not look at numbers.

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const URG: u8 = 32;

/// Numbered as in `enum tcp_conntrack`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    None,
    SynSent,
    SynReceived,
    Established,
    FinWait,
    CloseWait,
    LastAck,
    TimeWait,
    Close,
    /// Both ends have sent a SYN.
    SynSent2,
}

use State::{Close, CloseWait, Established, FinWait, LastAck, SynReceived, SynSent, SynSent2, TimeWait};

/// A segment, by its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Syn,
    SynAck,
    Fin,
    Ack,
    Rst,
}

impl Segment {
    /// `None` for flags that belong to no connection.
    fn of(flags: u8) -> Option<Segment> {
        let urgent = flags & URG != 0;
        match flags & (FIN | SYN | RST | ACK) {
            SYN => Some(Segment::Syn),
            flags if flags == SYN | ACK && !urgent => Some(Segment::SynAck),
            flags if flags == FIN | ACK => Some(Segment::Fin),
            ACK => Some(Segment::Ack),
            flags if flags & !ACK == RST && !urgent => Some(Segment::Rst),
            _ => None,
        }
    }
}

/// What a segment is to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Part of it, which is now in another state, or the same; and whether that makes sure that both ends talk, if there
    /// were answers before.
    Taken { sure: bool },
    /// It is let through with the connection, and changes nothing.
    Ignored,
    /// No part of it or any other.
    Invalid,
    /// The beginning of another one between the same ports.
    Anew,
}

/// A connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Connection {
    state: State,
    /// The last segment, and whether it came as replies do.
    last: Option<(Segment, bool)>,
    /// One of its ends has said that it ends.
    ended: bool,
}

impl Connection {
    /// As the kernel numbers it.
    pub(crate) fn number(&self) -> u8 {
        self.state as u8
    }

    /// Whether a segment with these flags resets.
    pub(crate) fn resets(flags: u8) -> bool {
        Segment::of(flags) == Some(Segment::Rst)
    }

    /// The next segment, by its flags.
    pub(crate) fn follow(&mut self, flags: u8, reply: bool) -> Step {
        let Some(segment) = Segment::of(flags) else { return Step::Invalid };
        let before = self.state;
        let next = match (segment, reply) {
            // Of what has ended.
            (Segment::Syn, _) if before == TimeWait || (before == Close && !reply) => {
                if self.ended || self.last == Some((Segment::Rst, reply)) {
                    return Step::Anew;
                }
                return self.ignore(segment, reply);
            }
            // It answers a SYN that was let through.
            (Segment::SynAck, true) if self.last == Some((Segment::Syn, false)) && before != State::None => SynReceived,
            (Segment::Syn, false) => match before {
                State::None | SynSent => SynSent,
                SynSent2 => SynSent2,
                _ => return self.ignore(segment, reply),
            },
            (Segment::Syn, true) if matches!(before, SynSent | SynSent2) => SynSent2,
            (Segment::SynAck, false) if matches!(before, SynReceived | SynSent2) => SynReceived,
            (Segment::SynAck, true) => match before {
                State::None => return Step::Invalid,
                SynSent | SynSent2 => SynReceived,
                _ => return self.ignore(segment, reply),
            },
            (Segment::Fin, _) => match before {
                SynReceived | Established => FinWait,
                FinWait | CloseWait | LastAck => LastAck,
                TimeWait | Close => before,
                State::None | SynSent | SynSent2 => return Step::Invalid,
            },
            (Segment::Ack, reply) => match before {
                State::None if !reply => Established,
                SynSent | SynSent2 if reply => return self.ignore(segment, reply),
                State::None | SynSent | SynSent2 => return Step::Invalid,
                SynReceived if reply => SynReceived,
                SynReceived | Established => Established,
                FinWait | CloseWait => CloseWait,
                LastAck | TimeWait => TimeWait,
                Close => Close,
            },
            (Segment::Rst, _) if before != State::None => Close,
            _ => return Step::Invalid,
        };
        self.state = next;
        self.last = Some((segment, reply));
        self.ended |= next == FinWait && before != FinWait;
        Step::Taken { sure: matches!(before, SynReceived | Established) && next == Established }
    }

    fn ignore(&mut self, segment: Segment, reply: bool) -> Step {
        self.last = Some((segment, reply));
        Step::Ignored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PSH: u8 = 8;

    /// What becomes of segments: the state after each, and how the last was taken.
    fn follow(segments: &[(u8, bool)]) -> (Vec<State>, Step) {
        let (mut connection, mut step) = (Connection::default(), Step::Ignored);
        let states = segments.iter().map(|(flags, reply)| {
            step = connection.follow(*flags, *reply);
            connection.state
        });
        (states.collect(), step)
    }

    const OPEN: [(u8, bool); 3] = [(SYN, false), (SYN | ACK, true), (ACK, false)];

    #[test]
    fn a_connection_opens_talks_and_closes() {
        let rest =
            [(PSH | ACK, false), (PSH | ACK, true), (FIN | ACK, false), (ACK, true), (FIN | ACK, true), (ACK, false)];
        let (states, _) = follow(&[&OPEN[..], &rest].concat());
        let wanted =
            [SynSent, SynReceived, Established, Established, Established, FinWait, CloseWait, LastAck, TimeWait];
        assert_eq!(states, wanted);
    }

    #[test]
    fn both_ends_are_sure_of_each_other_from_the_third_segment_on() {
        assert_eq!(follow(&OPEN).1, Step::Taken { sure: true });
        assert_eq!(follow(&OPEN[..2]).1, Step::Taken { sure: false });
        // One that began before we looked.
        assert_eq!(follow(&[(ACK, false)]), (vec![Established], Step::Taken { sure: false }));
        assert_eq!(follow(&[(ACK, false), (ACK, true)]).1, Step::Taken { sure: true });
    }

    #[test]
    fn what_no_host_sends_is_no_part_of_a_connection() {
        for flags in [0, SYN | FIN, SYN | RST, SYN | ACK | URG, RST | URG, FIN, FIN | RST, PSH] {
            assert_eq!(follow(&[(flags, false)]).1, Step::Invalid, "{flags:#x}");
        }
        for first in [SYN | ACK, FIN | ACK, RST] {
            assert_eq!(follow(&[(first, false)]).1, Step::Invalid, "{first:#x}");
        }
        assert_eq!(follow(&[(SYN, false), (ACK, false)]).1, Step::Invalid);
        assert_eq!(follow(&[&OPEN[..], &[(SYN | ACK, false)]].concat()).1, Step::Invalid);
    }

    #[test]
    fn what_may_be_late_changes_nothing() {
        let (states, step) = follow(&[&OPEN[..], &[(SYN | ACK, true), (SYN, false)]].concat());
        assert_eq!((states.last(), step), (Some(&Established), Step::Ignored));
    }

    #[test]
    fn a_connection_that_ended_gives_way_to_another() {
        let end = [(FIN | ACK, false), (FIN | ACK, true), (ACK, false)];
        let closed = [&OPEN[..], &end].concat();
        assert_eq!(follow(&[&closed[..], &[(SYN, false)]].concat()).1, Step::Anew);
        assert_eq!(follow(&[&OPEN[..], &[(RST, false), (SYN, false)]].concat()).1, Step::Anew);
        // The other end has reset it: only its answer tells that there is a new one.
        let (states, step) = follow(&[&OPEN[..], &[(RST, true), (SYN, false)]].concat());
        assert_eq!((states.last(), step), (Some(&Close), Step::Ignored));
        let (states, _) = follow(&[&OPEN[..], &[(RST, true), (SYN, false), (SYN | ACK, true)]].concat());
        assert_eq!(states.last(), Some(&SynReceived));
    }
}
