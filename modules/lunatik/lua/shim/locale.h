/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* locale.h shim: nothing needed */
