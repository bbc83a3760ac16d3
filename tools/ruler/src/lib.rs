// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Reads what the meter has measured.
//!
//! [`results`] reads what a guest wrote: **cells**, each a filter (the **column**) at a job
//! (the **row**), with what it costs. [`figures`] makes of several guests' results figures that
//! compare, for the filters and jobs of [`matrix`]; [`table`], [`csv`] and [`plot`] show them,
//! and [`gate`] holds them against recorded ones. [`profile`] reads what the profiler wrote
//! beside the results and says, with the names of [`symbols`], in which functions the
//! instructions go.

pub mod budgets;
pub mod csv;
pub mod figures;
pub mod gate;
pub mod matrix;
pub mod plot;
pub mod profile;
pub mod results;
pub mod symbols;
pub mod table;
