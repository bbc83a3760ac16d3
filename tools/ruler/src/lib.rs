// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Reads what the meter has measured.
//!
//! [`results`] reads what a guest wrote: **cells**, each a filter (the **column**) at a job
//! (the **row**), with what it costs. [`profile`] reads what the profiler wrote beside it and
//! says, with the names of [`symbols`], in which functions the instructions go.

pub mod profile;
pub mod results;
pub mod symbols;
