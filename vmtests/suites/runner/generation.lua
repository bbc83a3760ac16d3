-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts how often it was loaded; or refuses to be.
local env = require("lunatik")._ENV
if env.refuses then error("refused on purpose") end
env.generation = (env.generation or 0) + 1
