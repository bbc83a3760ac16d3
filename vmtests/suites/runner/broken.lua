-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Does not compile.
local broken =
