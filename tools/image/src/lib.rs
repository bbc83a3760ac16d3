// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Builds the disk of a router from a profile.
