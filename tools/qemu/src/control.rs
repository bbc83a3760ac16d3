// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! QEMU's own control: QMP.

use anyhow::{anyhow, bail, Context, Result};
use qapi::qmp::{self, Event, QmpMessage, RebootAction};
use qapi::{Any, Command, Qmp, Stream};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// How long QEMU may take to answer.
const ANSWER: Duration = Duration::from_secs(60);

/// QEMU's monitor.
pub struct Control {
    qmp: Qmp<Stream<BufReader<UnixStream>, UnixStream>>,
    events: VecDeque<Event>,
}

impl Control {
    pub(crate) fn connect(stream: UnixStream) -> Result<Self> {
        stream.set_read_timeout(Some(ANSWER))?;
        // qapi panics at an end of file here, and QEMU ends at once when it dislikes its arguments.
        let mut reader = BufReader::new(stream.try_clone()?);
        if reader.fill_buf().context("QEMU does not answer")?.is_empty() {
            bail!("QEMU ended at once");
        }
        let mut qmp = Qmp::new(Stream::new(reader, stream));
        qmp.handshake().map_err(|error| anyhow!("failed to greet QEMU: {error}"))?;
        Ok(Control { qmp, events: VecDeque::new() })
    }

    /// Executes a command of QMP.
    ///
    /// # Errors
    /// QEMU's answer, or that there is none.
    pub fn execute<C: Command>(&mut self, command: &C) -> Result<C::Ok> {
        self.limit(ANSWER)?;
        let answer = self.qmp.execute(command).map_err(|error| anyhow!("failed to execute {}: {error}", C::NAME));
        self.events.extend(self.qmp.events());
        answer
    }

    /// Lets the machine run.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub fn resume(&mut self) -> Result<()> {
        self.execute(&qmp::cont {}).map(drop)
    }

    /// Presses the reset button.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub fn reset(&mut self) -> Result<()> {
        self.execute(&qmp::system_reset {}).map(drop)
    }

    /// Presses the reset button of a machine that a reset would end: from now on it starts again.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub fn start_again(&mut self) -> Result<()> {
        // The firmware of PCs asks for another reset, so that there is no time at which this could be taken back.
        let reboot = Some(RebootAction::reset);
        self.execute(&qmp::set_action { reboot, shutdown: None, panic: None, watchdog: None })?;
        self.reset()
    }

    /// Pulls the plug.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub fn quit(&mut self) -> Result<()> {
        self.execute(&qmp::quit {}).map(drop)
    }

    /// Waits for an event that `wanted` knows, such as `Event::SHUTDOWN { .. }`; those before it are forgotten.
    ///
    /// # Errors
    /// When QEMU ends first, or it takes longer than `limit`.
    pub fn wait_for(&mut self, mut wanted: impl FnMut(&Event) -> bool, limit: Duration) -> Result<Event> {
        let deadline = Instant::now() + limit;
        loop {
            while let Some(event) = self.events.pop_front() {
                if wanted(&event) {
                    return Ok(event);
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("no such event from QEMU within {limit:?}");
            }
            self.limit(left)?;
            let mut line = String::new();
            if self.qmp.inner_mut().read_line(&mut line).context("failed to wait for an event of QEMU")? == 0 {
                bail!("QEMU ended before the event");
            }
            if let QmpMessage::<Any>::Event(event) =
                serde_json::from_str(&line).with_context(|| format!("failed to read an event of QEMU: {line}"))?
            {
                self.events.push_back(event);
            }
        }
    }

    fn limit(&self, limit: Duration) -> Result<()> {
        self.qmp.inner().get_ref_write().set_read_timeout(Some(limit)).context("failed to set a time limit")
    }
}
