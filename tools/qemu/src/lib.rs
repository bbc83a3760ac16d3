// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Boots a router in QEMU: QMP, console, commands, network ports.
