// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router of a test, and what was seen of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use files::Progress;
use kernel_lua::Lines;
use policy::{table, Value};
use serde::Deserialize;
use simulator::{boot_at, interface, FileSystem, Packet, Path, Report, Router, BOOT};

use crate::subject::Subject;

/// What the packets of a test cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Packets.
    pub packets: usize,
    /// Calls of the policy.
    pub calls: usize,
    /// The most units of fuel of a call.
    pub fuel: i64,
    /// The most bytes that the policy's state held.
    pub memory: usize,
}

/// Where a packet comes from: an interface's name or index.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Interface {
    Index(i32),
    Name(String),
}

impl Interface {
    /// Its index.
    ///
    /// # Errors
    ///
    /// The router has none of this name.
    pub(crate) fn index(&self) -> Result<i32, String> {
        match self {
            Interface::Index(index) => Ok(*index),
            Interface::Name(name) => interface(name)
                .ok_or_else(|| format!("interface '{name}' is none of the router's: eth0 (WAN), eth1 (LAN)")),
        }
    }
}

/// A router for one test after the other.
pub(crate) struct Session {
    pub(crate) subject: Rc<Subject>,
    watch: bool,
    files: Rc<FileSystem>,
    parameters: BTreeMap<String, Value>,
    router: Option<Router>,
    tally: Tally,
    /// Lines that ran in routers that are gone.
    lines: Lines,
    progress: Progress,
}

impl Session {
    pub(crate) fn new(subject: &Rc<Subject>, watch: bool) -> Session {
        Session {
            subject: subject.clone(),
            watch,
            files: subject.files(),
            parameters: BTreeMap::new(),
            router: None,
            tally: Tally::default(),
            lines: Lines::new(),
            progress: Progress::items("testing", "packets", None),
        }
    }

    /// A new test begins: nothing of the one before is left.
    pub(crate) fn begin(&mut self) {
        self.retire();
        self.files = self.subject.files();
        self.parameters.clear();
        boot_at(BOOT);
        self.tally = Tally::default();
    }

    /// The router is switched off; the next packet finds one that has just booted.
    pub(crate) fn retire(&mut self) {
        if let Some(router) = self.router.take() {
            merge(&mut self.lines, router.runtime().machine().lines());
        }
    }

    /// The next router has these parameters, and for the others what the manifest says.
    ///
    /// # Errors
    ///
    /// The manifest has no such parameter.
    pub(crate) fn set_parameters(&mut self, parameters: BTreeMap<String, Value>) -> Result<(), String> {
        let policy = self.subject.policy.as_ref().ok_or("there is no policy here")?;
        let declared = &policy.manifest.parameters;
        if let Some(name) = parameters.keys().find(|name| !declared.contains_key(*name)) {
            return Err(format!("policy.yaml declares no parameter '{name}'"));
        }
        self.retire();
        self.parameters = parameters;
        Ok(())
    }

    /// The next router has this file.
    pub(crate) fn put_file(&mut self, path: &str, bytes: &[u8]) {
        self.retire();
        self.files.put(path, bytes);
    }

    /// Whether lines are counted.
    pub(crate) fn is_watched(&self) -> bool {
        self.watch
    }

    /// The router, which boots now unless it is up.
    ///
    /// # Errors
    ///
    /// The policy does not load.
    pub(crate) fn router(&mut self) -> Result<&mut Router, String> {
        if self.router.is_none() {
            let policy =
                self.subject.policy.as_ref().ok_or("what policies share has no hooks: no packet gets there")?;
            let mut manifest = policy.manifest.clone();
            manifest.parameters.extend(self.parameters.clone());
            let chunk = table(&manifest.parameters);
            self.files.put(&self.subject.chunk("parameters.lua"), chunk.as_bytes());
            let files = self.files.clone();
            let router = if self.watch { Router::watched(&manifest, files) } else { Router::new(&manifest, files) };
            self.router = Some(router.map_err(|text| format!("the policy does not load: {text}"))?);
        }
        self.router.as_mut().ok_or_else(|| "no router".to_owned())
    }

    /// Sends a packet along a path, or that of the policy's first hook.
    ///
    /// # Errors
    ///
    /// The policy does not load.
    pub(crate) fn send(&mut self, packet: &mut Packet, path: Option<Path>) -> Result<Report, String> {
        let router = self.router()?;
        let path = path.unwrap_or_else(|| router.path());
        let report = router.send(packet, path);
        self.progress.add(1);
        let tally = &mut self.tally;
        tally.packets += 1;
        tally.calls += report.calls.len();
        for call in &report.calls {
            tally.fuel = tally.fuel.max(call.fuel);
            tally.memory = tally.memory.max(call.memory);
        }
        Ok(report)
    }

    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    /// All lines that ran.
    pub(crate) fn finish(mut self) -> Lines {
        self.retire();
        self.lines
    }

    pub(crate) fn add_lines(&mut self, lines: &Lines) {
        merge(&mut self.lines, lines);
    }
}

/// Adds counts to counts.
pub(crate) fn merge(all: &mut Lines, more: &Lines) {
    for (chunk, lines) in more {
        let known = all.entry(chunk.clone()).or_default();
        for (number, line) in lines {
            *known.entry(*number).or_default() += *line;
        }
    }
}
