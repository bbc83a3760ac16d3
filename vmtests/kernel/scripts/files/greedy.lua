-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Reads byte by byte, and never stops.
local file = io.open("/tmp/large")
while file do file:read(1) end
