// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Updates of routers whose disks are files.

mod boot;
mod fixture;
mod health;
mod install;
mod power_cut;
mod status;
