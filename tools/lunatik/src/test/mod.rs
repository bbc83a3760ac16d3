// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik test`.

mod ktap;
mod suite;

use std::fs;
use std::io::stdout;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use anyhow::{bail, Context, Result};
use clap::Args;

use crate::modules;
use ktap::Totals;
use suite::Suite;

/// What to test, and with what.
#[derive(Args)]
pub struct Test {
    /// Suites; without any, all.
    #[arg(value_name = "SUITE")]
    names: Vec<String>,
    /// Name the suites that there are, and run none.
    #[arg(long)]
    list: bool,
    /// Where suites are: folders of scripts for bash, which print KTAP.
    #[arg(long, value_name = "DIR", default_value = "/usr/libexec/lunatik/tests")]
    suites: PathBuf,
}

impl Test {
    /// Runs suites, one after the other.
    ///
    /// # Errors
    ///
    /// There is no such suite, it cannot run, a point failed, or there was none.
    pub fn run(&self) -> Result<()> {
        let suites = self.chosen()?;
        if self.list {
            for suite in suites {
                println!("{}", suite.name);
            }
            return Ok(());
        }
        if fs::metadata("/proc/self").context("cannot read /proc")?.uid() != 0 {
            bail!("scripts in the kernel are for root: run lunatik as root");
        }
        modules::need("lunatik")?;
        let mut totals = Totals::default();
        for suite in suites {
            totals += suite.run(&mut stdout().lock())?;
        }
        println!("# totals: {totals}");
        if totals.fail > 0 {
            bail!("{} of {} points failed", totals.fail, totals.points());
        }
        if totals.pass == 0 {
            bail!("no point was tried");
        }
        Ok(())
    }

    fn chosen(&self) -> Result<Vec<Suite>> {
        let mut suites = suite::all(&self.suites)?;
        if let Some(name) = self.names.iter().find(|name| suites.iter().all(|suite| suite.name != **name)) {
            let names: Vec<_> = suites.iter().map(|suite| suite.name.as_str()).collect();
            bail!("there is no suite {name} in {}, but {}", self.suites.display(), names.join(", "));
        }
        suites.retain(|suite| self.names.is_empty() || self.names.contains(&suite.name));
        Ok(suites)
    }
}
