// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy pack`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use package::Package;

use crate::check;
use crate::subject::Subject;

/// Pack a policy.
#[derive(Args)]
pub struct Pack {
    /// The folder of the policy.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// The folder of the Lua files that policies share; the folder 'library' beside the policy unless given.
    #[arg(long, value_name = "FOLDER")]
    library: Option<PathBuf>,
    /// The package; NAME-VERSION.policy unless given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Pack {
    /// Does it, unless something is wrong with the policy.
    ///
    /// # Errors
    ///
    /// The folder is no policy, or files cannot be read or written.
    pub fn run(&self) -> Result<ExitCode> {
        let subject = Subject::open(&self.folder, self.library.as_deref())?;
        let policy = subject.policy()?;
        let problems = check::check(&subject);
        for (path, problem) in &problems {
            println!("{}:{}:{}: {}", path.display(), problem.line, problem.column, problem.text);
        }
        if !problems.is_empty() {
            return Ok(ExitCode::FAILURE);
        }
        let library: Vec<_> = check::library(&subject).iter().filter_map(|name| subject.shared(name)).collect();
        let package = Package::pack(policy, &subject.folder, &library)?;
        let output = self.output.clone().unwrap_or_else(|| package.file_name().into());
        files::save(&output, |file| file.write_all(&package.bytes()))?;
        println!("{}", output.display());
        Ok(ExitCode::SUCCESS)
    }
}
