-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A packet script without a function for XDP.
require("xdp")
