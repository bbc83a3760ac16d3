-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails at what is bad.
function f(data) return data ~= "bad" or error("on purpose") end
