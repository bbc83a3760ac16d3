// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where a script is: the lines of a traceback.

use core::ffi::{c_char, c_int, CStr};
use core::fmt;
use core::ptr;

use crate::{ffi, State};

/// `LUA_IDSIZE`
const SOURCE: usize = 60;
/// What `lua_kwhere` says of a call that is not in Lua, and of one that there is not.
const NOT_IN_LUA: c_int = -1;
const NONE: c_int = -2;

/// A call that is under way. Shown as tracebacks show it: `file.lua:3: in function 'f'`.
pub struct Frame<'l> {
    source: [u8; SOURCE],
    line: c_int,
    name: Option<&'l CStr>,
}

impl<'l> State<'l> {
    /// The call at a level: 0 runs, 1 has called it, and so on; `None` if there are not as many.
    #[must_use]
    pub fn frame(self, level: c_int) -> Option<Frame<'l>> {
        let mut source = [0; SOURCE];
        let mut name: *const c_char = ptr::null();
        // SAFETY: By the invariants the state is valid; the room is as large as the machine wants.
        let line = unsafe { ffi::lua_kwhere(self.as_ptr(), level, source.as_mut_ptr().cast(), &mut name) };
        if line == NONE {
            return None;
        }
        // SAFETY: Null or a string of the running code's, which stays while that runs.
        let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) });
        Some(Frame { source, line, name })
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source.split(|byte| *byte == 0).next().unwrap_or(&[]);
        f.write_str(core::str::from_utf8(source).unwrap_or("?"))?;
        if self.line != NOT_IN_LUA {
            write!(f, ":{}", self.line)?;
        }
        match self.name.map(CStr::to_str) {
            Some(Ok(name)) => write!(f, ": in '{name}'"),
            _ => Ok(()),
        }
    }
}
