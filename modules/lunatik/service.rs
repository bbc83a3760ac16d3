// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Scripts that a kernel module runs because a program asked for it, by an option of a socket, say.

use core::ops::Deref;
use core::sync::atomic::{AtomicU32, Ordering};
use kernel::str::CString;
use kernel::sync::Arc;

use crate::capabilities::Capabilities;
use crate::control::{self, How, Request};
use crate::failure::Failure;
use crate::{file, loader, Budget, Context, Runtime};

/// A script in process context, which runs as long as this lives, unless it is stopped by its name; others of the
/// same name may do so at the same time. To let go of it sleeps.
pub struct Service(Arc<Runtime>);

/// What tells one text from another.
static TEXTS: AtomicU32 = AtomicU32::new(0);

impl Service {
    /// Whether what a program gave is the name of a script below /lib/modules/lua; else it is the text of one.
    #[must_use]
    pub fn is_name(script: &[u8]) -> bool {
        file::is_plain(script)
    }

    /// The name that a script is to have: its own, if what a program gave is that of a file below /lib/modules/lua;
    /// for the text of a script, another each time.
    ///
    /// # Errors
    ///
    /// ENOMEM.
    pub fn name(script: &[u8]) -> kernel::error::Result<CString> {
        match Service::is_name(script) {
            true => CString::try_from_fmt(kernel::fmt!("{}", loader::Plain(script))),
            false => CString::try_from_fmt(kernel::fmt!("text-{}", TEXTS.fetch_add(1, Ordering::Relaxed))),
        }
    }

    /// Runs a script's body. `script` is what [`Service::name`] got, `capabilities` a list whose separators are
    /// commas. Sleeps.
    ///
    /// # Errors
    ///
    /// There is no such script, it fails, or there are too many.
    pub fn start(name: &CString, script: &[u8], budget: &Budget, capabilities: &[u8]) -> Result<Service, Failure> {
        let capabilities = Capabilities::listed(capabilities)?;
        let text = (!Service::is_name(script)).then_some(script);
        let context = Context::Process;
        let name = name.as_bytes();
        let request = Request { name, text, context, budget: *budget, capabilities, single: false, how: How::Sockets };
        control::serve(&request).map(Service)
    }
}

impl Deref for Service {
    type Target = Runtime;
    fn deref(&self) -> &Runtime {
        &self.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // One that is killed meanwhile leaves it to a worker.
        if control::end(&self.0).is_err() {
            Runtime::stop_later(self.0.clone());
        }
    }
}
