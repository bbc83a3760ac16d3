-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local lunatik = require("lunatik")
local env = lunatik._ENV
env.circle_a, env.circle_b = lunatik.runtime("rt/left"), lunatik.runtime("rt/right")
pcall(env.circle_a.resume, env.circle_a, env.circle_b)
pcall(env.circle_b.resume, env.circle_b, env.circle_a)
pcall(env.circle_a.stop, env.circle_a)
env.circle_a, env.circle_b = nil, nil
