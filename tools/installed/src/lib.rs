// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policies that a router has beside those of its image.
