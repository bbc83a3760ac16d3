// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory outside of Lua that counts towards a state's limit.

use kernel_lua::Held;
use lua::{Kind, State};

/// Such memory, while this lives. It is part of an object of the state.
pub struct Charge(Held);

impl Charge {
    /// Counts `bytes`, collecting garbage first if that makes the room.
    ///
    /// # Errors
    ///
    /// The state's memory limit.
    pub fn new(state: State<'_>, bytes: usize) -> lua::Result<Charge> {
        let held = Held::new(state, bytes).or_else(|| {
            state.collect();
            Held::new(state, bytes)
        });
        held.map(Charge).ok_or_else(|| Kind::NoMemory.into())
    }

    /// Counts `bytes` more.
    ///
    /// # Errors
    ///
    /// The state's memory limit; then it is as before.
    pub fn grow(&mut self, state: State<'_>, bytes: usize) -> lua::Result {
        self.0.merge(Charge::new(state, bytes)?.0);
        Ok(())
    }
}
