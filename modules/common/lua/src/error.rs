// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why a call fails, in the form that the virtual machine raises.

use core::ffi::{c_int, CStr};

/// The result of everything that Lua may refuse.
pub type Result<T = ()> = core::result::Result<T, Error>;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// The reasons that have a fixed message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name = $code,)* }

        impl Kind {
            /// The message of the kind with this number, for `lua_kstrerror`.
            pub fn message(code: c_int) -> &'static CStr {
                match code { $($code => $message,)* _ => c"error" }
            }
        }
    };
}

kinds! {
    /// An index or a length points outside of the object.
    OutOfBounds = 2, c"out of bounds";
    /// A value that the function cannot take.
    InvalidValue = 3, c"invalid value";
    /// An integer was expected.
    ExpectedInteger = 4, c"integer expected";
    /// A string was expected.
    ExpectedString = 5, c"string expected";
    /// A table was expected.
    ExpectedTable = 6, c"table expected";
    /// A function was expected.
    ExpectedFunction = 7, c"function expected";
    /// An object of another class was expected, or the object is closed.
    ExpectedObject = 8, c"invalid or closed object";
    /// The integer does not fit.
    OutOfRange = 9, c"integer out of range";
    /// The kernel has no memory left, or the runtime reached its limit.
    NoMemory = 10, c"not enough memory";
    /// The function is not allowed in the runtime's context.
    Context = 11, c"runtime context mismatch";
    /// The function may sleep, and its caller may not.
    MaySleep = 12, c"function may sleep, not allowed here";
    /// The kernel does not know the thing.
    NotFound = 13, c"not found";
    /// The thing is in use.
    Busy = 14, c"busy";
    /// The kernel or the runtime does not allow it.
    NotPermitted = 15, c"not permitted";
    /// The object cannot be shared.
    CannotShare = 16, c"cannot share SINGLE object";
    /// The kernel failed for another reason.
    Failed = 17, c"operation failed";
    /// A string, or an object that shows bytes, was expected.
    ExpectedBytes = 18, c"string or data expected";
    /// A light userdata was expected.
    ExpectedAddress = 19, c"address expected";
}

/// An error, small enough to return from every packet: a [`Kind`], perhaps with the argument
/// that it speaks of, or "the value on top of the stack".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error(c_int);

impl Error {
    /// The error is the value on top of the Lua stack.
    pub const RAISED: Error = Error(1);

    /// The same error, about argument `index` (1-based, as Lua counts).
    pub const fn at(self, index: c_int) -> Error {
        if self.0 == 1 || self.0 > 0xff || index <= 0 || index > 0xff {
            self
        } else {
            Error(self.0 | (index << 8))
        }
    }

    /// The fixed message; none for [`Error::RAISED`], whose message is on the stack.
    pub fn message(self) -> Option<&'static CStr> {
        (self != Error::RAISED).then(|| Kind::message(self.0 & 0xff))
    }

    /// What a C function returns to make the virtual machine raise this.
    pub const fn code(self) -> c_int {
        -self.0
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Error {
        Error(kind as c_int)
    }
}
