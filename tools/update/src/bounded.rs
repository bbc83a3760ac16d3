// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Work for which nobody waits for ever.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{anyhow, Context as _, Result};

/// What `work` comes to, if it does so in time.  `None` when it does not: a disk that does not answer keeps the
/// thread that has asked, and only that.
///
/// # Errors
///
/// Those of `work`, which may also have panicked.
pub(crate) fn within<T: Send + 'static>(
    time: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<Option<T>> {
    let (sender, result) = mpsc::channel();
    // Whoever has waited long enough is not there any more.
    let work = move || drop(sender.send(work()));
    thread::Builder::new().spawn(work).context("failed to start a thread")?;
    match result.recv_timeout(time) {
        Ok(result) => result.map(Some),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(anyhow!("the health check has a mistake: it panicked")),
    }
}
