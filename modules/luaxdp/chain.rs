// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which scripts a link's program asks about a packet.

use lua::{FromLua, State};

/// So many at most.
const MOST: usize = 8;

/// The numbers of scripts, in the order in which they are asked; 0 is the number of none.
#[derive(Clone, Copy)]
pub(crate) struct Chain([u64; MOST]);

impl Chain {
    /// The arguments of a call, from this one on.
    pub(crate) fn from_arguments(state: State<'_>, first: i32) -> lua::Result<Chain> {
        let mut chain = Chain([0; MOST]);
        let mut places = chain.0.iter_mut();
        for index in first..=state.top() {
            let Some(place) = places.next() else {
                return Err(state.raise(format_args!("xdp.hold: an interface has {MOST} scripts at most")));
            };
            *place = i64::from_lua(state, index)? as u64;
        }
        if chain.is_empty() {
            return Err(state.raise(format_args!("xdp.hold: no number of a script, which xdp.id gives")));
        }
        Ok(chain)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied().filter(|id| *id != 0)
    }

    pub(crate) fn has(&self, id: u64) -> bool {
        self.ids().any(|one| one == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ids().next().is_none()
    }

    /// Takes that one out.
    pub(crate) fn remove(&mut self, id: u64) {
        self.0.iter_mut().filter(|one| **one == id).for_each(|one| *one = 0);
    }
}
