// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! /dev/lunatik: write a chunk, read what became of it.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Write};

use anyhow::{anyhow, bail, Context, Result};

/// Something that runs Lua chunks.
pub trait Transport {
    /// Runs a chunk; its results, tab-separated.
    ///
    /// # Errors
    ///
    /// The chunk's error, or why it cannot be run at all.
    fn execute(&self, chunk: &str) -> Result<String>;
}

/// The kernel's.
pub struct Device;

const PATH: &str = "/dev/lunatik";

impl Transport for Device {
    fn execute(&self, chunk: &str) -> Result<String> {
        let mut file = open()?;
        // One write is one chunk.
        let written = file.write(chunk.as_bytes());
        let mut text = Vec::new();
        file.read_to_end(&mut text).with_context(|| format!("cannot read {PATH}"))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        match written {
            Ok(_) => Ok(text),
            Err(_) if !text.is_empty() => bail!(text),
            Err(error) => Err(anyhow!(error).context(format!("cannot write to {PATH}"))),
        }
    }
}

fn open() -> Result<File> {
    OpenOptions::new().read(true).write(true).open(PATH).map_err(|error| unopened(PATH, error))
}

/// Why one of our devices cannot be opened, and the way out.
pub fn unopened(path: &str, error: Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::NotFound => anyhow!("{path} does not exist: load the modules with `lunatik load`"),
        ErrorKind::PermissionDenied => anyhow!("{path} is for root: run lunatik as root"),
        _ => anyhow!(error).context(format!("cannot open {path}")),
    }
}
