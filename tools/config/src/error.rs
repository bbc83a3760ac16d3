// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What can be wrong with a configuration. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::PathBuf;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written, or says something that it must not.
    #[error(transparent)]
    File(#[from] files::Error),
    /// A daemon does not take what was made for it.
    #[error("{program} does not take {}: {said}", file.display())]
    Refused {
        /// The daemon's program.
        program: &'static str,
        /// What was made for it.
        file: PathBuf,
        /// What it said.
        said: String,
    },
    /// No log of a panic has this number.
    #[error("there is no crash {number}: `lunagate crashes` lists those that there are")]
    NoCrash {
        /// That was said.
        number: u32,
    },
    /// The image has no such policy.
    #[error("there is no policy {name}: the image has {there}")]
    NoPolicy {
        /// That was said.
        name: String,
        /// Those that there are.
        there: String,
    },
    /// A policy has no such parameter.
    #[error("policy {policy} has no parameter {name}: it has {there}")]
    NoParameter {
        /// The policy.
        policy: String,
        /// That was said.
        name: String,
        /// Those that there are.
        there: String,
    },
    /// A parameter is something else.
    #[error("parameter {name} of policy {policy} is {kind}")]
    Parameter {
        /// The policy.
        policy: String,
        /// The parameter.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// A version of a policy is not installed.
    #[error("policy {name} has no version {version} here: install it, or say another (`lunagate policy list`)")]
    NotInstalled {
        /// The policy.
        name: String,
        /// That was said.
        version: String,
    },
    /// A change of a file would change more than that.
    #[error(
        "this router.yaml is written in a way that is not understood: write '{change}' below policies.{name} yourself"
    )]
    Edit {
        /// The policy.
        name: String,
        /// What was to be said of it.
        change: String,
    },
    /// A parameter that has a type is none of it.
    #[error("parameter {name} of policy {policy}: {said}")]
    Type {
        /// The policy.
        policy: String,
        /// The parameter.
        name: String,
        /// What is wrong.
        said: String,
    },
    /// Two policies must not run together.
    #[error("policy {one} does not run beside {other}, as its manifest says: turn one off")]
    Conflict {
        /// Whose manifest says so.
        one: String,
        /// The other one.
        other: String,
    },
    /// A port has so many policies at XDP at most.
    #[error("policies {policies} are at XDP of {port}, where there is room for {most}: turn some off")]
    ManyAtXdp {
        /// The port.
        port: String,
        /// Their names.
        policies: String,
        /// So many.
        most: usize,
    },
    /// There is nothing to confirm or to take back.
    #[error("no configuration is on trial")]
    NoTrial,
    /// One is there already.
    #[error("a configuration is on trial already: `lunagate config confirm` it, or take it back (rollback)")]
    OnTrial,
    /// What is on trial has not been tried: the router has booted without it, or never followed.
    #[error("the router does not run with what is on trial: take it back (`lunagate config rollback`)")]
    NotTried,
    /// What is on trial has proved nothing to who confirms it.
    #[error(
        "this connection is older than what is on trial, and does not show that the router can still be reached: \
         confirm by a new one (of an ssh that shares connections: ssh -o ControlPath=none)"
    )]
    OldConnection,
    /// The owner's file is another one than the router runs with.
    #[error("the router does not run with {}: apply it", file.display())]
    NotApplied {
        /// The file.
        file: PathBuf,
    },
    /// Nobody would take a trial back.
    #[error("cannot wait for a confirmation, so all is as before")]
    NoTimer {
        /// Why not.
        source: std::io::Error,
    },
    /// The router's own network has none of its ports.
    #[error("no port of {network} is there ({ports}): the router has {there}")]
    NoPort {
        /// The network.
        network: String,
        /// Those that are missing, or were left out.
        ports: String,
        /// Those that there are.
        there: String,
    },
    /// The history has no such version.
    #[error("there is no version {number}: `lunagate config history` lists them")]
    NoVersion {
        /// That was asked for.
        number: u32,
    },
    /// The router could not be changed.
    #[error("the router does not follow: {said}")]
    Follow {
        /// What went wrong.
        said: String,
    },
    /// What is there cannot be backed up.
    #[error("the backup fails: {said}")]
    BackUp {
        /// What went wrong.
        said: String,
    },
    /// A file is no backup, or not whole.
    #[error("this is no whole backup of a router, so nothing changes: {said}")]
    NoBackup {
        /// What is wrong with it.
        said: String,
    },
    /// A backup cannot be put where it is to go.
    #[error("there is no room for this backup, so nothing changes: {said}")]
    NoRoom {
        /// What went wrong.
        said: String,
    },
    /// This machine is none.
    #[error("this is no router, for it has no {}: name one (--router)", program.display())]
    NoRouter {
        /// What makes routers follow.
        program: PathBuf,
    },
}

impl Error {
    /// With what is behind it.
    pub(crate) fn in_full(&self) -> String {
        let behind = std::iter::successors(std::error::Error::source(self), |error| error.source());
        behind.fold(self.to_string(), |said, error| format!("{said}: {error}"))
    }
}
