// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the command line looks like, and what each command does.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use ruler::figures::Figures;
use ruler::results::{Outcome, Results, Run};
use ruler::{budgets, csv, gate, plot, profile, results, table};
use std::fs;
use std::path::{Path, PathBuf};

/// Says what packets cost under each filter.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print results: instructions per packet, memory and load time of each cell.
    Show {
        /// Results, as `measure` prints them.
        results: PathBuf,
    },
    /// Write table.md, figures.csv and plot.svg of these results.
    Report {
        /// Where they go.
        directory: PathBuf,
        /// Results, as `measure` prints them.
        #[arg(required = true)]
        results: Vec<PathBuf>,
    },
    /// Fail if a packet costs more than 3 % more under a filter of ours than recorded.
    Gate {
        /// The recorded figures.csv.
        recorded: PathBuf,
        /// Results, as `measure` prints them.
        #[arg(required = true)]
        results: Vec<PathBuf>,
    },
    /// Say what the bounds of scripts cost; fail if that is more than 5 % of a packet.
    Budgets {
        /// Results of the modules as they are.
        with: PathBuf,
        /// Results of the modules without budgets.
        without: PathBuf,
    },
    /// Print in which functions the instructions go.
    Profile {
        /// Results of a measurement with the profiler.
        results: PathBuf,
        /// What the profiler wrote.
        profile: PathBuf,
        /// The System.map of the kernel.
        map: PathBuf,
        /// How many functions of each cell.
        #[arg(long, default_value_t = 25)]
        most: usize,
        /// Only cells whose name has this in it (`nflua`, `udp-port`, `drop`).
        #[arg(long, default_value = "")]
        only: String,
        /// Show differences from this column's cell of the same row, or with `blank` from the
        /// packets before the filter was loaded.
        #[arg(long)]
        over: Option<String>,
    },
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Show { results } => show(&read_results(&results)?),
            Command::Report { directory, results } => report(&directory, &figures(&results)?)?,
            Command::Gate { recorded, results } => {
                let before = csv::read(&read(&recorded)?).with_context(|| recorded.display().to_string())?;
                print!("{}", gate::judge(&before, &figures(&results)?)?);
            }
            Command::Budgets { with, without } => {
                print!("{}", budgets::judge(&figures(&[with])?, &figures(&[without])?)?)
            }
            Command::Profile { results, profile, map, most, only, over } => {
                let results = read_results(&results)?;
                let sections = profile::parse(&read(&profile)?).with_context(|| profile.display().to_string())?;
                let profiles = profile::profiles(&results, &sections, &read(&map)?)?;
                for one in profiles.iter().filter(|one| one.title.contains(&only)) {
                    let base = over.as_ref().and_then(|over| profile::base(&profiles, &one.title, over));
                    println!("{}", profile::show(one, base, most));
                }
            }
        }
        Ok(())
    }
}

fn show(results: &Results) {
    for cell in &results.cells {
        let name = format!("{:<14} {:<12}", cell.column, cell.row);
        match &cell.outcome {
            Outcome::Cannot(reason) => println!("{name} {reason}"),
            Outcome::Cost(cost) => {
                let blank = cost.blank.as_ref().map_or(0.0, Run::each);
                let runs: Vec<_> = cost.runs.iter().map(|run| format!("{} {:8.1}", run.verdict, run.each())).collect();
                let runs = runs.join("  ");
                println!("{name} blank {blank:8.1}  {runs:28} load {:>12}  memory {:>10}", cost.load, cost.memory);
            }
        }
    }
}

fn figures(paths: &[PathBuf]) -> Result<Figures> {
    let all: Vec<_> = paths.iter().map(|path| read_results(path)).collect::<Result<_>>()?;
    Figures::of(&all)
}

fn report(directory: &Path, figures: &Figures) -> Result<()> {
    let files =
        [("table.md", table::write(figures)), ("figures.csv", csv::write(figures)), ("plot.svg", plot::write(figures))];
    for (name, text) in files {
        let path = directory.join(name);
        fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
    }
    Ok(())
}

fn read_results(path: &Path) -> Result<Results> {
    results::parse(&read(path)?).with_context(|| path.display().to_string())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}
