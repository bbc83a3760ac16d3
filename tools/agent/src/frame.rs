// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What travels on the channel: one byte of kind, four of length (little-endian), the payload.

use std::io::{self, Read, Write};

/// Bytes that a frame may carry.
pub const MAX_PAYLOAD: usize = 64 * 1024;

/// A message.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum Frame {
    /// Host to router: run this in a shell.
    Run(Vec<u8>),
    /// Router to host: the command printed this.
    Stdout(Vec<u8>),
    /// Router to host: the command complained so.
    Stderr(Vec<u8>),
    /// Router to host: the command ended with this status (128 + N by signal N).
    Exit(i32),
}

impl Frame {
    /// Reads one frame.
    ///
    /// # Errors
    /// `UnexpectedEof` when the other side is gone, `InvalidData` for bytes that are no frame.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut head = [0; 5];
        from.read_exact(&mut head)?;
        let [kind, len @ ..] = head;
        let len = u32::from_le_bytes(len) as usize;
        if len > MAX_PAYLOAD {
            return Err(invalid(format!("a frame of {len} bytes, more than {MAX_PAYLOAD}")));
        }
        let mut payload = vec![0; len];
        from.read_exact(&mut payload)?;
        match kind {
            b'r' => Ok(Frame::Run(payload)),
            b'o' => Ok(Frame::Stdout(payload)),
            b'e' => Ok(Frame::Stderr(payload)),
            b'x' => match payload.try_into() {
                Ok(status) => Ok(Frame::Exit(i32::from_le_bytes(status))),
                Err(_) => Err(invalid("an exit status that is not of four bytes".into())),
            },
            _ => Err(invalid(format!("a frame of the unknown kind {kind:#x}"))),
        }
    }

    /// Writes the frame.
    ///
    /// # Errors
    /// The writer's own, and `InvalidInput` beyond [`MAX_PAYLOAD`].
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let status;
        let (kind, payload) = match self {
            Frame::Run(command) => (b'r', &command[..]),
            Frame::Stdout(bytes) => (b'o', &bytes[..]),
            Frame::Stderr(bytes) => (b'e', &bytes[..]),
            Frame::Exit(code) => {
                status = code.to_le_bytes();
                (b'x', &status[..])
            }
        };
        if payload.len() > MAX_PAYLOAD {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} bytes do not fit into a frame of {MAX_PAYLOAD}", payload.len()),
            ));
        }
        let mut bytes = Vec::with_capacity(5 + payload.len());
        bytes.push(kind);
        bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        bytes.extend_from_slice(payload);
        to.write_all(&bytes)?;
        to.flush()
    }
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
