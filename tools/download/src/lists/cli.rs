// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use anyhow::{bail, Result};
use clap::Subcommand;
use config::List;

use super::{Lists, News, Status};

/// What can be done with the lists of a router that come by HTTPS (`lists` of router.yaml).
#[derive(Subcommand)]
pub enum Command {
    /// Say of each list how many entries it has, how old it is, why it failed, and when it is asked for again.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask for a list now, or for all. What does not come, or is no list, changes nothing.
    Update {
        /// Its name.
        name: Option<String>,
    },
    /// Have a set there for each list, before policies start.
    #[command(hide = true)]
    Prepare {
        /// Take away what belongs to no list.
        #[arg(long)]
        clean: bool,
    },
    /// Ask for lists when it is time.
    #[command(hide = true)]
    Serve,
    /// Ask for a list, and say what is news.
    #[command(hide = true)]
    Refresh {
        /// Its name.
        name: String,
    },
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let lists = Lists::default();
        match self {
            Command::Status { json } => status(&lists, json),
            Command::Update { name } => {
                let chosen = name.map_or_else(|| lists.all(), |name| Ok(vec![lists.named(&name)?]))?;
                update(&lists, &chosen)
            }
            Command::Prepare { clean } => {
                for line in lists.prepare(clean)? {
                    println!("{line}");
                }
                Ok(())
            }
            Command::Serve => match lists.serve()? {},
            Command::Refresh { name } => lists.refresh(&lists.named(&name)?),
        }
    }
}

fn status(lists: &Lists, json: bool) -> Result<()> {
    let all: Vec<Status> = lists.all()?.iter().map(|list| lists.status(list)).collect();
    if json {
        println!("{}", serde_json::to_string(&all)?);
    } else {
        all.iter().for_each(|status| println!("{status}"));
    }
    Ok(())
}

fn update(lists: &Lists, chosen: &[List]) -> Result<()> {
    let mut failed = Vec::new();
    for list in chosen {
        let (state, news) = lists.update(list)?;
        match news {
            Ok(news) => {
                let what = if news == News::Changed { "which are used from now on" } else { "as before" };
                println!("{}: {} entries, {what}", list.name, state.members);
                if let Some(example) = state.example {
                    println!("  {} lines are no entries: {example}", state.rejected);
                }
            }
            Err(error) => {
                eprintln!("{}: {error:#}", list.name);
                failed.push(list.name.as_str());
            }
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("what was there of {} stays", failed.join(", "))
}
