// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use files::Progress;

use crate::inspect::Opened;
use crate::{Category, Collection, Error, Labels};

/// Compile lists of domains and addresses for scripts, and show what is in them.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with lists.
#[derive(Subcommand)]
pub enum Command {
    /// Compile lists into a file that scripts load with set.load or lpm.load.
    ///
    /// A source has a domain, an address or a prefix on each line: domain lists, hosts files,
    /// rules of ad blockers that block whole domains (||example.org^), IPv4 and IPv6 addresses
    /// and prefixes, MAC addresses and their first bytes. # and ! begin comments. International
    /// names are turned into xn-- form. Other lines are rejected, and told with place and reason.
    /// The file is the same for the same members in any order.
    Compile(Compile),
    /// Say what a list file holds.
    Inspect(Inspect),
    /// Look names or addresses up, as scripts do.
    ///
    /// A name matches with what is above it. The status is 1 if one of them has no label.
    Match(Match),
}

/// See [`Command::Compile`].
#[derive(Args)]
pub struct Compile {
    /// The sources, each as FILE or as CATEGORY=FILE; - is the standard input.
    #[arg(required = true, value_name = "[CATEGORY=]FILE")]
    source: Vec<String>,
    /// Where the list file goes.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The label of members from sources without a category; as 0x10 in hexadecimal.
    #[arg(long, value_name = "N", default_value = "1", value_parser = number)]
    label: u64,
    /// A category: members of its sources have this bit (0 to 63) in their label.
    #[arg(long, value_name = "NAME=BIT")]
    category: Vec<Category>,
    /// What the members are; the first of them tells otherwise.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Write nothing if a line is rejected.
    #[arg(long)]
    strict: bool,
    /// Do not tell which lines are rejected, only how many.
    #[arg(long, short)]
    quiet: bool,
}

/// See [`Compile::kind`].
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Names, with what is below them.
    Domains,
    /// IPv4, IPv6 and MAC addresses and prefixes.
    Addresses,
}

/// See [`Command::Inspect`].
#[derive(Args)]
pub struct Inspect {
    /// The list file.
    file: PathBuf,
    /// Also list what is in it: names, or ranges of addresses, with their labels.
    #[arg(long)]
    members: bool,
}

/// See [`Command::Match`].
#[derive(Args)]
pub struct Match {
    /// The list file.
    file: PathBuf,
    /// What to look up.
    #[arg(required = true)]
    asked: Vec<String>,
}

fn number(text: &str) -> Result<u64, String> {
    let parsed = text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| u64::from_str_radix(digits, 16));
    parsed.map_err(|_| "give a number from 1 to 18446744073709551615, or 0x and digits".into())
}

impl Command {
    /// Does it, and says the process' exit status.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Command::Compile(compile) => compile.run().map(|()| ExitCode::SUCCESS),
            Command::Inspect(inspect) => inspect.run().map(|()| ExitCode::SUCCESS),
            Command::Match(look_up) => look_up.run(),
        }
    }
}

impl Compile {
    fn run(self) -> Result<()> {
        let labels = Labels::new(self.label, self.category)?;
        let kind = self.kind.map(|kind| match kind {
            Kind::Domains => sets::Kind::Domains,
            Kind::Addresses => sets::Kind::Addresses,
        });
        let quiet = self.quiet;
        let progress = Progress::bytes("reading", size(&self.source, &labels));
        let mut collection = Collection::new(kind, |rejected| {
            if !quiet {
                progress.end();
                eprintln!("{rejected}");
            }
        });
        for source in &self.source {
            let (label, file) = labels.of(source);
            let read = match file {
                "-" => collection.add("standard input", label, BufReader::new(progress.reading(io::stdin().lock()))),
                file => File::open(file)
                    .and_then(|open| collection.add(file, label, BufReader::new(progress.reading(open)))),
            };
            read.map_err(|error| unread(file, error))?;
        }
        progress.end();
        let counts = collection.counts();
        let members = collection.members()?;
        if self.strict && counts.rejected > 0 {
            return Err(Error::Strict(counts.rejected).into());
        }
        let file = members.compile(labels.notes().as_bytes())?;
        files::save(&self.output, |output| output.write_all(&file))?;
        println!(
            "{}: {} {} in {} bytes, of {} lines; {} duplicates, {} rejected",
            self.output.display(),
            members.count(),
            members.noun(),
            file.len(),
            counts.lines,
            counts.duplicates,
            counts.rejected
        );
        Ok(())
    }
}

impl Inspect {
    fn run(self) -> Result<()> {
        let opened = Opened::new(&self.file)?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        let mut written = opened.describe(&mut out);
        if self.members {
            opened.each(|member, label| {
                if written.is_ok() {
                    written = writeln!(out, "{member} {label:#x}");
                }
            });
        }
        written.and_then(|()| out.flush()).or_else(closed)
    }
}

impl Match {
    fn run(self) -> Result<ExitCode> {
        let opened = Opened::new(&self.file)?;
        let labels = opened.labels();
        let mut all = true;
        for asked in &self.asked {
            match opened.label(asked) {
                Some(label) => {
                    let names = labels.names(label);
                    println!("{asked} {label:#x}{}{}", if names.is_empty() { "" } else { " " }, names.join(" "));
                }
                None => {
                    all = false;
                    println!("{asked} none");
                }
            }
        }
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// How many bytes the sources have; standard input does not say.
fn size(sources: &[String], labels: &Labels) -> Option<u64> {
    let file = |source| std::fs::metadata(labels.of(source).1).ok().filter(|file| file.is_file());
    sources.iter().map(|source| Some(file(source)?.len())).sum()
}

/// Why a source was not read: it may be meant for a category that there is not.
fn unread(file: &str, source: io::Error) -> Error {
    match file.split_once('=') {
        Some((category, _)) if source.kind() == io::ErrorKind::NotFound => {
            Error::Category { given: file.into(), category: category.into() }
        }
        _ => files::Error::reading(Path::new(file))(source).into(),
    }
}

/// A reader that went away has seen enough.
fn closed(error: io::Error) -> Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Ok(())
    } else {
        Err(error.into())
    }
}
