// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Commands in the router, through its agent.

use agent::Frame;
use anyhow::{bail, Context, Result};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::Duration;

/// How a command ended, and what it printed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Output {
    /// The exit status, 128 + N by signal N.
    pub status: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

impl Output {
    /// What the command printed, when it ended well.
    ///
    /// # Errors
    /// With its status and complaints, when it did not.
    pub fn success(self) -> Result<String> {
        if self.status != 0 {
            bail!("it ended with status {}: {}{}", self.status, self.stdout, self.stderr);
        }
        Ok(self.stdout)
    }
}

/// The agent's channel: one command at a time.
pub struct Exec {
    channel: UnixStream,
    outputs: Receiver<Output>,
}

impl Exec {
    pub(crate) fn new(channel: UnixStream, bell: impl Fn() + Send + 'static) -> Result<Self> {
        let (sender, outputs) = mpsc::channel();
        let mut from = channel.try_clone().context("failed to share the agent's channel")?;
        thread::spawn(move || {
            while let Ok(output) = collect(&mut from) {
                if sender.send(output).is_err() {
                    break;
                }
                bell();
            }
            drop(sender);
            bell();
        });
        Ok(Exec { channel, outputs })
    }

    /// Starts a shell command; its [`Output`] comes by [`Exec::poll`] or [`Exec::wait`].
    ///
    /// # Errors
    /// When the machine is gone.
    pub fn start(&mut self, command: &str) -> Result<()> {
        Frame::Run(command.into()).write(&mut self.channel).with_context(|| format!("failed to run '{command}'"))
    }

    /// The output of the command that was started, when it has ended.
    ///
    /// # Errors
    /// When the machine is gone.
    pub fn poll(&mut self) -> Result<Option<Output>> {
        match self.outputs.try_recv() {
            Ok(output) => Ok(Some(output)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => bail!("the router's agent is gone"),
        }
    }

    /// Waits for the output of the command that was started.
    ///
    /// # Errors
    /// When the machine ends first, or it takes longer than `limit`.
    pub fn wait(&mut self, limit: Duration) -> Result<Output> {
        match self.outputs.recv_timeout(limit) {
            Ok(output) => Ok(output),
            Err(RecvTimeoutError::Timeout) => bail!("the command did not end within {limit:?}"),
            Err(RecvTimeoutError::Disconnected) => bail!("the router's agent is gone"),
        }
    }

    /// Runs a shell command to its end.
    ///
    /// # Errors
    /// As [`Exec::start`] and [`Exec::wait`].
    pub fn run(&mut self, command: &str, limit: Duration) -> Result<Output> {
        self.start(command)?;
        self.wait(limit).with_context(|| format!("failed to run '{command}'"))
    }
}

fn collect(from: &mut UnixStream) -> std::io::Result<Output> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    loop {
        match Frame::read(from)? {
            Frame::Stdout(bytes) => stdout.extend(bytes),
            Frame::Stderr(bytes) => stderr.extend(bytes),
            Frame::Exit(status) => {
                let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
                return Ok(Output { status, stdout: text(stdout), stderr: text(stderr) });
            }
            Frame::Run(_) => return Err(std::io::Error::other("the agent commands")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_with_its_output_and_a_dead_agent_with_an_error() {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        let agent = thread::spawn(move || agent::serve(&theirs, &theirs));
        let mut exec = Exec::new(ours, || {}).expect("a channel");
        let output = exec.run("echo yes; exit 3", Duration::from_secs(60)).expect("it ran");
        assert_eq!(output, Output { status: 3, stdout: "yes\n".into(), stderr: String::new() });
        assert!(output.success().is_err());
        exec.channel.shutdown(std::net::Shutdown::Write).expect("shut down");
        assert!(agent.join().expect("no panic").is_err());
        assert!(exec.wait(Duration::from_secs(60)).is_err());
    }
}
