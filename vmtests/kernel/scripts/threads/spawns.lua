-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A script that spawns another.
local runner = require("lunatik.runner")
assert(runner.spawn("threads/sleeper"):task().command == "threads/sleeper")
