// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy schema`.

use anyhow::{Context, Result};
use clap::Args;

/// Print the schema.
#[derive(Args)]
pub struct Schema {}

impl Schema {
    /// Does it.
    ///
    /// # Errors
    ///
    /// It cannot be said in JSON.
    pub fn run(&self) -> Result<()> {
        println!("{}", serde_json::to_string_pretty(&policy::schema()).context("failed to say it in JSON")?);
        Ok(())
    }
}
