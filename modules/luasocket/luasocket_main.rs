// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `socket`: the kernel's sockets, in process context.
//!
//! A socket is one object, whoever holds it, and several runtimes may be at work with it: the kernel locks
//! its sockets, and nothing is locked while a call waits. A wait ends when the task gets a signal, when its
//! script is stopped, or when the socket is closed by somebody else.
//!
//! # socket
//!
//! Sockets of the kernel, in process context only: elsewhere `socket.new` raises "runtime context mismatch" and
//! methods "function may sleep". A script needs the capability `socket`. Families are AF_INET, AF_INET6 (new),
//! AF_UNIX, AF_NETLINK and AF_PACKET; the numbers are in `linux.socket.af`, `sock`, `ipproto`, `msg`, `sol`, `so`.
//!
//! | function | |
//! |---|---|
//! | `socket.new(family, type, protocol)` | a socket in the network namespace of the task that calls (of `lunatik`, for a script's body), which it keeps. AF_PACKET's protocol is in network order (`byteorder.hton16`) |
//! | `s:bind(address...)`, `s:listen([backlog])` | as `bind(2)` and `listen(2)`; a backlog is 16 if nothing is said, and 128 at most |
//! | `s:accept([flags])` | the next connection, a socket; with `linux.socket.sock.NONBLOCK` it does not wait |
//! | `s:connect(address...[, flags[, extra]])` | waits until there is a connection, unless NONBLOCK says not to |
//! | `s:send(message[, address...])` | how many bytes went out: all of a stream's, unless a wait ended early. `message` is a string or `data` |
//! | `s:receive(length[, flags[, from]])` | a message, cut to `length` bytes, or what a stream has, `""` at its end; `length` is at most 1048576 and counts towards the script's memory during the call. Flags: PEEK, DONTWAIT, WAITALL, TRUNC, OOB, ERRQUEUE. If `from` is true, then the sender's address follows, if the protocol names one (TCP does not) |
//! | `s:setsockopt(level, option, value)` | an integer is an `int`, a string whatever structure the option has |
//! | `s:getsockname()`, `s:getpeername()` | the address of this end, and of the other |
//! | `s:close()` | for all who hold it; who waits with it gets "invalid or closed object". A variable marked `<close>` calls it |
//!
//! | family | an address is | and may go on with |
//! |---|---|---|
//! | AF_INET | an integer (`net.aton`) and a port | |
//! | AF_INET6 | a string of 16 bytes (`net.aton6`) and a port | `extra`: the interface's index, for addresses of one link; results always have it, 0 for the others |
//! | AF_UNIX | a path, or a name that begins with a zero byte, all of whose bytes count; `""` to have one chosen | |
//! | AF_NETLINK | port and groups, 0 and 0 (the kernel) if not given | |
//! | AF_PACKET | EtherType (as `linux.eth`) and interface; results are the bytes of `struct sockaddr_ll` past the family | `extra`: the link's address, for SOCK_DGRAM (new) |
//!
//! An error of the kernel's is the errno's name, all of the message: `"EAGAIN"`, `"ECONNREFUSED"`. SO_RCVTIMEO and
//! SO_SNDTIMEO bound waits, after which it is EAGAIN (EINPROGRESS from `connect`).
//!
//! Several runtimes may use one socket at once (by way of `lunatik._ENV`): one receives while another sends.
//! Whoever waits, in `receive`, `accept`, `connect` or `send`, is woken when its script is stopped, when its task gets a
//! signal (both `"EINTR"`), and when the socket is closed elsewhere. What could wait at a socket's end, take memory without
//! a bound, or read user space is refused (`"EOPNOTSUPP"`): SO_LINGER with a time, SO_RCVBUFFORCE, SO_SNDBUFFORCE,
//! SO_RESERVE_MEM, SO_ATTACH_FILTER, packet rings, the options of iptables. A socket of frames may join 64 groups
//! (`"ENOBUFS"`). Other families are `"EAFNOSUPPORT"`. All scripts together have at most 1024 sockets (luasocket's parameter
//! `sockets`), then it is `"EMFILE"`. One that listens counts for its longest backlog, and 2 more, until it is closed: who waits
//! to be accepted is a socket already.
//!
//! ```lua process
//! -- waits 50 ms for a datagram
//! local socket, linux = require("socket"), require("linux.socket")
//! local s <close> = socket.new(linux.af.INET, linux.sock.DGRAM, 0)
//! s:bind(0x7f000001, 0)
//! local timeval = require("struct")(linux.layout.timeval)
//! s:setsockopt(linux.sol.SOCKET, linux.so.RCVTIMEO_NEW, timeval:pack(0, 50000))
//! local ok, why = pcall(s.receive, s, 100)
//! assert(not ok and why == "EAGAIN")
//! ```

mod address;
mod sys;

use core::ffi::{c_int, c_uint};
use kernel::alloc::KVVec;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, meta, method, Bytes, Class, Entry, FromLua, Kind, Object, Pushed, State, Value};
use lunatik_core::sync::SpinLock;
use lunatik_core::{errno, leaving, register, Access, Charge, Context, Registration, Runtime};

use address::Address;

module! {
    type: Module,
    name: "luasocket",
    author: "The Lunagate authors",
    description: "Lua sockets",
    license: "Dual MIT/GPL",
}

/// No call receives more bytes.
const LIMIT: usize = 1 << 20;
/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 32;
/// What a call costs, which may go through the whole network stack; and what making a socket does.
const CALL: usize = 100;
const NEW: usize = 500;
/// What `listen` queues at most, if nothing else is said.
const BACKLOG: c_int = 16;

/// SOCK_NONBLOCK and SOCK_CLOEXEC; the latter says nothing here.
const NONBLOCK: c_int = 0o4000;
const CLOEXEC: c_int = 0o2000000;
/// MSG_OOB, MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT, MSG_WAITALL, MSG_ERRQUEUE.
const FLAGS: c_uint = 0x1 | 0x2 | 0x20 | 0x40 | 0x100 | 0x2000;

const EBADF: c_int = 9;

/// The class `socket`; `None` once it is closed, for all who hold it.
#[derive(Clone)]
pub struct Socket(Arc<SpinLock<Option<Arc<sys::Socket>>>>);

static SOCKET: Class = Class::new::<Socket>(
    c"socket",
    &[
        method(c"send", Socket::send),
        method(c"receive", Socket::receive),
        method(c"bind", Socket::bind),
        method(c"listen", Socket::listen),
        method(c"accept", Socket::accept),
        method(c"connect", Socket::connect),
        method(c"setsockopt", Socket::setsockopt),
        method(c"getsockname", Socket::getsockname),
        method(c"getpeername", Socket::getpeername),
        method(c"close", Socket::close),
        meta(c"__close", Socket::close),
    ],
)
.shared::<Socket>(|| THIS_MODULE.as_ptr().cast());

impl Object for Socket {
    const CLASS: &'static Class = &SOCKET;
}

/// Also the body of a hooks' script could sleep, but sockets are of no use to it.
fn in_process(state: State<'_>, otherwise: Kind) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => Ok(()),
        _ => Err(otherwise.into()),
    }
}

/// The error that a script sees.
fn refused(state: State<'_>, number: sys::Errno) -> lua::Error {
    match -number {
        EBADF => Kind::ExpectedObject.into(),
        _ => errno::raise(state, number),
    }
}

/// The same for a call that may have waited: a script that shall end hurries from here on, and a thread's
/// has its fuel anew.
fn waited<R>(state: State<'_>, result: sys::Result<R>) -> lua::Result<R> {
    leaving(state);
    result.map_err(|number| refused(state, number))
}

/// Whether flags, of these alone, let a call wait.
fn waits(flags: Option<c_int>, index: c_int) -> lua::Result<bool> {
    let flags = flags.unwrap_or(0);
    if flags & !(NONBLOCK | CLOEXEC) != 0 {
        return Err(lua::Error::from(Kind::InvalidValue).at(index));
    }
    Ok(flags & NONBLOCK == 0)
}

impl Socket {
    fn wrap(socket: sys::Socket) -> lua::Result<Socket> {
        let socket = Arc::new(socket, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
        Ok(Socket(Arc::new(SpinLock::new(Some(socket)), GFP_KERNEL).map_err(|_| Kind::NoMemory)?))
    }

    /// `socket.new(family, type, protocol)`
    fn new(state: State<'_>, family: c_int, kind: c_int, protocol: c_int) -> lua::Result<Socket> {
        in_process(state, Kind::Context)?;
        Runtime::may_sleep(state)?;
        state.spend(NEW)?;
        Socket::wrap(sys::Socket::new(family, kind, protocol).map_err(|number| refused(state, number))?)
    }

    /// The open socket, for a call that may sleep.
    fn open(&self, state: State<'_>) -> lua::Result<Arc<sys::Socket>> {
        in_process(state, Kind::MaySleep)?;
        Runtime::may_sleep(state)?;
        let open = self.0.lock().clone();
        let open = open.ok_or(Kind::ExpectedObject)?;
        state.spend(CALL)?;
        Ok(open)
    }

    /// Sends a message, or all bytes of a stream, to a peer or where an address says; how many bytes went
    /// out, which are fewer only if the wait for a stream ended early.
    fn send(&self, state: State<'_>, bytes: Bytes<'_>, to: Value, _: Value, extra: Value) -> lua::Result<usize> {
        let socket = self.open(state)?;
        let to = match state.is_none_or_nil(to.0) {
            true => None,
            false => Some(Address::read(state, socket.family(), to.0, extra.0)?),
        };
        if c_int::try_from(bytes.0.len()).is_err() {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        state.spend(bytes.0.len() / UNIT)?;
        waited(state, socket.send(bytes.0, to.as_ref()))
    }

    /// A message, or what a stream has, of at most `length` bytes; then, if that is asked for, who sent it,
    /// as far as the protocol says.
    fn receive(
        &self,
        state: State<'_>,
        length: usize,
        flags: Option<c_uint>,
        from: Option<bool>,
    ) -> lua::Result<Pushed> {
        let socket = self.open(state)?;
        if length > LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        let flags = flags.unwrap_or(0);
        if flags & !FLAGS != 0 {
            return Err(lua::Error::from(Kind::InvalidValue).at(3));
        }
        state.spend(length / UNIT)?;
        let _charge = Charge::new(state, length)?;
        let mut buffer = KVVec::new();
        buffer.extend_with(length, 0u8, GFP_KERNEL | __GFP_NOWARN).map_err(|_| Kind::NoMemory)?;
        let (received, sender) = waited(state, socket.receive(&mut buffer, flags))?;
        state.push_bytes(buffer.get(..received).unwrap_or(&[]))?;
        match from {
            Some(true) => sender.push(state).map(|Pushed(count)| Pushed(1 + count)),
            _ => Ok(Pushed(1)),
        }
    }

    fn bind(&self, state: State<'_>, address: Value, _: Value, extra: Value) -> lua::Result {
        let socket = self.open(state)?;
        let address = Address::read(state, socket.family(), address.0, extra.0)?;
        socket.bind(&address).map_err(|number| refused(state, number))
    }

    fn listen(&self, state: State<'_>, backlog: Option<c_int>) -> lua::Result {
        let socket = self.open(state)?;
        socket.listen(backlog.unwrap_or(BACKLOG)).map_err(|number| refused(state, number))
    }

    /// The next connection.
    fn accept(&self, state: State<'_>, flags: Option<c_int>) -> lua::Result<Socket> {
        let socket = self.open(state)?;
        let wait = waits(flags, 2)?;
        state.spend(NEW)?;
        Socket::wrap(waited(state, socket.accept(wait))?)
    }

    /// The flags follow the address, and what can be told of that beyond two values follows them.
    fn connect(&self, state: State<'_>, address: Value, second: Value, third: Value, fourth: Value) -> lua::Result {
        let socket = self.open(state)?;
        let flags = if address::is_pair(socket.family()) { third } else { second };
        let wait = waits(Option::from_lua(state, flags.0).map_err(|error| error.at(flags.0))?, flags.0)?;
        let address = Address::read(state, socket.family(), address.0, fourth.0)?;
        waited(state, socket.connect(&address, wait))
    }

    /// An integer stands for an `int`, a string for whatever structure the option has.
    fn setsockopt(&self, state: State<'_>, level: c_int, option: c_int, value: Value) -> lua::Result {
        let socket = self.open(state)?;
        let set = match <&[u8]>::from_lua(state, value.0) {
            Ok(bytes) => {
                state.spend(bytes.len() / UNIT)?;
                socket.set(level, option, bytes)
            }
            Err(_) => {
                let number = c_int::from_lua(state, value.0).map_err(|error| error.at(value.0))?;
                socket.set(level, option, &number.to_ne_bytes())
            }
        };
        set.map_err(|number| refused(state, number))
    }

    fn getsockname(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.open(state)?.name(false).map_err(|number| refused(state, number))?.push(state)
    }

    fn getpeername(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.open(state)?.name(true).map_err(|number| refused(state, number))?.push(state)
    }

    /// Closes it for all who hold it, and wakes those who wait for it.
    fn close(&self, state: State<'_>) -> lua::Result {
        in_process(state, Kind::MaySleep)?;
        let open = self.0.lock().take();
        let Some(open) = open else { return Ok(()) };
        open.hang_up();
        drop(open);
        state.charge(CALL);
        // Its port is free again when the call returns, but for who must not wait.
        if Runtime::may_sleep(state).is_ok() {
            sys::settle();
        }
        Ok(())
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Socket::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"socket", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // The worker runs this module's code.
        sys::settle();
    }
}
