-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Gives answers that are none.
require("notifier").vterm(function() return "x" end)
