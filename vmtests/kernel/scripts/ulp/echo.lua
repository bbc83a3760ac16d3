-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Lets all pass.
function f() return true end
