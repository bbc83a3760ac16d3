// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Proves the router end to end: real frames on both sides.
