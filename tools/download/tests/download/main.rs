// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Downloads from a server on this machine, and lists that are kept up to date from it.

mod https;
mod lists;
mod server;
