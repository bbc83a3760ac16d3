-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- An integer is a key by its decimal digits; bytes of any kind are keys.
local t = require("rcu").table()
t[1], t[-7], t["a\0b"], t[""] = "one", "minus seven", "zero inside", "empty"
assert(t["1"] == "one" and t["-7"] == "minus seven" and t["a\0b"] == "zero inside" )
assert(t["a"] == nil and t[""] == "empty")
t["1"] = nil
assert(t[1] == nil)
