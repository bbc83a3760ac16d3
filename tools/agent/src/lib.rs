// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Runs commands in the router for whoever holds its hypervisor: the protocol, and the device side.
