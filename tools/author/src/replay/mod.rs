// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy replay`: what a policy does with the packets of a capture.

mod annotate;
mod flows;
mod show;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, Context, Result};
use clap::Args;
use files::Progress;
use serde::Serialize;
use simulator::{Router, Verdict};

use crate::arrivals::Arrivals;
use crate::capture::{self, Frame};
use crate::conversation::Conversation;
use crate::input::Input;
use crate::subject::Subject;
use flows::Flow;

/// Show what a policy does with the packets of a capture.
#[derive(Args)]
pub struct Replay {
    #[command(flatten)]
    input: Input,
    /// Show another version of the policy the same packets, and say only which flows have another verdict there.
    #[arg(long, value_name = "FOLDER", conflicts_with = "annotate")]
    against: Option<PathBuf>,
    /// Write the packets into this file (pcapng), each with its verdict as a comment.
    #[arg(long, value_name = "FILE")]
    annotate: Option<PathBuf>,
}

/// What became of a frame.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// Counted from 1.
    frame: usize,
    /// None for a frame that reaches no hook.
    #[serde(serialize_with = "shown")]
    verdict: Option<Verdict>,
    /// Why it reaches none.
    refused: Option<&'static str>,
    /// What was decided for its flow.
    #[serde(serialize_with = "shown")]
    decided: Option<Verdict>,
    /// Calls of the policy; none if all was decided before.
    calls: usize,
    /// The most units of fuel of a call.
    fuel: i64,
    /// Which flow it is of, counted from 1.
    flow: Option<usize>,
    /// Calls that failed.
    failures: Vec<String>,
    /// What the policy printed.
    log: Vec<String>,
}

fn shown<S: serde::Serializer>(verdict: &Option<Verdict>, serializer: S) -> Result<S::Ok, S::Error> {
    match verdict {
        Some(verdict) => serializer.serialize_some(&verdict.to_string()),
        None => serializer.serialize_none(),
    }
}

/// What became of a capture.
#[derive(Serialize)]
pub(crate) struct Run {
    packets: Vec<Outcome>,
    flows: Vec<Flow>,
}

impl Replay {
    /// Does it.
    ///
    /// # Errors
    ///
    /// The capture or a policy cannot be read; the policy does not load.
    pub fn run(&self) -> Result<ExitCode> {
        let frames = capture::read(&self.input.capture)?;
        if frames.is_empty() {
            bail!("{}: there is no packet in it", self.input.capture.display());
        }
        let run = self.replay(&frames, &self.input.folder)?;
        if let Some(other) = &self.against {
            let other = self.replay(&frames, other)?;
            let changed = flows::changed(&run, &other);
            if self.input.json {
                println!("{}", serde_json::to_string_pretty(&changed)?);
            } else {
                show::changed(&changed, run.flows.len());
            }
            return Ok(ExitCode::SUCCESS);
        }
        if self.input.json {
            println!("{}", serde_json::to_string_pretty(&run)?);
        } else {
            show::run(&run);
        }
        if let Some(output) = &self.annotate {
            let name = Subject::open(&self.input.folder, self.input.library.as_deref())?.name;
            annotate::write(&self.input.capture, output, &name, &run.packets)
                .with_context(|| format!("failed to annotate {}", self.input.capture.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn replay(&self, frames: &[Frame], folder: &Path) -> Result<Run> {
        let subject = Subject::open(folder, self.input.library.as_deref())?;
        let router = Router::new(&subject.policy()?.manifest, subject.files());
        let mut router = match router {
            Ok(router) => router,
            Err(text) => bail!("{}: the policy does not load: {}", folder.display(), subject.localized(&text)),
        };
        let mut arrivals = Arrivals::new(&self.input, &router, frames);
        let mut flows = flows::Flows::default();
        let mut packets = Vec::new();
        let progress = Progress::items("replaying", "packets", frames.len() as u64);
        for (index, frame) in frames.iter().enumerate() {
            let mut outcome = Outcome {
                frame: index + 1,
                verdict: None,
                refused: None,
                decided: None,
                calls: 0,
                fuel: 0,
                flow: None,
                failures: Vec::new(),
                log: Vec::new(),
            };
            match arrivals.next(frame) {
                Err(why) => outcome.refused = Some(why),
                Ok(mut packet) => {
                    let conversation = Conversation::of(packet.network());
                    let report = router.send(&mut packet, arrivals.path());
                    outcome.verdict = Some(report.verdict);
                    outcome.decided = report.decided;
                    outcome.calls = report.calls.len();
                    outcome.fuel = report.calls.iter().map(|call| call.fuel).max().unwrap_or(0);
                    outcome.failures = report.failures.iter().map(|failure| subject.localized(&failure.text)).collect();
                    outcome.log = report.log;
                    outcome.flow = conversation.map(|conversation| flows.add(conversation, index + 1, report.verdict));
                }
            }
            packets.push(outcome);
            progress.add(1);
        }
        Ok(Run { packets, flows: flows.all() })
    }
}
