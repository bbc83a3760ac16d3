// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router's side of the channel.

use crate::frame::{Frame, MAX_PAYLOAD};
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::{ffi::OsStrExt, process::ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// Runs the commands that come from `port`, until it fails or its other side is gone.
///
/// A command that leaves a program behind with the command's output open ends only with
/// that program, as it does over ssh: send that output elsewhere.
///
/// # Errors
/// The port's own, and `InvalidData` for what is no command.
pub fn serve(mut port: impl Read, answers: impl Write + Send) -> io::Result<()> {
    let answers = Mutex::new(answers);
    loop {
        match Frame::read(&mut port)? {
            Frame::Run(command) => {
                let status = run(&command, &answers)?;
                send(&answers, &Frame::Exit(status))?;
            }
            other => return Err(io::Error::new(io::ErrorKind::InvalidData, format!("not a command: {other:?}"))),
        }
    }
}

fn run<W: Write + Send>(command: &[u8], answers: &Mutex<W>) -> io::Result<i32> {
    let spawned = Command::new("sh")
        .args([OsStr::new("-c"), OsStr::from_bytes(command)])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            send(answers, &Frame::Stderr(format!("cannot start a shell: {error}\n").into_bytes()))?;
            return Ok(127);
        }
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let errors = scope.spawn(|| pump(err, Frame::Stderr, answers));
        pump(out, Frame::Stdout, answers)?;
        errors.join().unwrap_or_else(|_| Err(io::Error::other("a thread panicked")))
    })?;
    let status = child.wait()?;
    Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}

fn pump<W: Write>(from: Option<impl Read>, frame: fn(Vec<u8>) -> Frame, answers: &Mutex<W>) -> io::Result<()> {
    let Some(mut from) = from else { return Ok(()) };
    let mut bytes = vec![0; MAX_PAYLOAD];
    loop {
        match from.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(len) => send(answers, &frame(bytes[..len].to_vec()))?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn send<W: Write>(answers: &Mutex<W>, frame: &Frame) -> io::Result<()> {
    match answers.lock() {
        Ok(mut answers) => frame.write(&mut *answers),
        Err(_) => Err(io::Error::other("a thread panicked")),
    }
}
