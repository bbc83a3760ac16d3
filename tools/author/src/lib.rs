// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a policy's author does with it on the host.
//!
//! A [`subject::Subject`] is a folder, read. `test` runs its tests on the router of the crate `simulator`, with packets that
//! `packet` builds from layers or `capture` reads from files; `check` says what is wrong without running it, and `replay` what it does
//! with the packets of a capture, `bench` what they cost.

mod arrivals;
pub mod bench;
mod capture;
pub mod check;
pub mod cli;
mod conversation;
mod input;
mod new;
pub mod packages;
pub mod packet;
pub mod replay;
mod schema;
pub mod subject;
pub mod test;
mod tree;
