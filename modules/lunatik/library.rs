// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `lunatik`: scripts that run others, and what all of them see.

use lua::{function, Entry, State, Table};

use crate::handle::Handle;
use crate::loader::Access;
use crate::{control, environment, loader, runner, Context, Runtime};

static LIBRARY: [Entry; 1] = [function(c"runtime", runtime)];

/// `require("lunatik")`. A script of hooks finds `_ENV` only: what it could do with others sleeps.
pub(crate) static MODULE: loader::Module = loader::Module { name: c"lunatik", access: Access::Granted, open };

fn open(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => state.push_library(&LIBRARY)?,
        _ => state.push_library(&[])?,
    }
    environment::push(state)?;
    state.set_field(-2, c"_ENV")
}

/// `lunatik.runtime(script[, context[, options]])`: a runtime, which runs as long as someone
/// holds it.
fn runtime(state: State<'_>, script: &[u8], context: Option<&[u8]>, options: Option<Table>) -> lua::Result<Handle> {
    let request = runner::request(state, script, context, options)?;
    runner::start(state, |fuel| control::start(&request, fuel))
}
