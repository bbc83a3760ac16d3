-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("the script loads", test.load)
