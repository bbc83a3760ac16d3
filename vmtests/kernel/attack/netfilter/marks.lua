-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
return 1, ({ "x", -1, 1 << 32, {}, math.mininteger })[math.abs(require("linux").random()) % 5 + 1]
