// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The manifest of a policy, and its rendering into the image.
