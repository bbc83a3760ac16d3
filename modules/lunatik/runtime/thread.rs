// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script that a kernel thread runs.

use super::Runtime;
use crate::portable::Message;
use crate::{stay, sys};

impl Runtime {
    /// Resumes the script, as [`Runtime::resume`] does, as long as that takes: whenever it has slept,
    /// it has the fuel of a call anew. A failure is told, unless the thread was asked to end.
    pub fn live(&self) {
        // Who is asked to end while others are inside never came in.
        let Ok(_guard) = self.lock.lock() else { return };
        stay::during(self, || {
            // One that is closing may have lost its states.
            if self.is_closing() {
                return;
            }
            let pace = |since| self.slots().for_each(|slot| slot.thread.set(since));
            pace(Some(sys::uptime()));
            let ran = self.resume_locked(&Message::new(), &mut { i64::MAX });
            pace(None);
            match ran {
                Err(failure) if !stay::is_leaving() => self.tell(failure.fault(), &failure.text, b""),
                _ => {}
            }
        });
    }
}
