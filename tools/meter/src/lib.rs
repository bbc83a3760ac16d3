// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Counts the instructions that a packet costs a machine.
//!
//! A **row** is a job for a packet filter, with the packets that show it: some that must pass,
//! some that must not. A **column** is a filter: a file of shell functions that set it up for a
//! row. A **cell** is one of each, and [`cell`] measures it, inside a guest whose clock counts
//! instructions. A **plan** lists cells; [`boot`] starts a guest for a plan and returns the
//! lines that the guest wrote about them.

pub mod archive;
pub mod boot;
pub mod cell;
pub mod frame;
pub mod guest;
pub mod map;
pub mod payload;
pub mod plan;
pub mod population;
pub mod row;
