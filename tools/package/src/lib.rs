// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy as one file.
