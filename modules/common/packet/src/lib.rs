// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Stub.
#![no_std]
