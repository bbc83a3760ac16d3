-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- lunatik, lunatik.runner, runtime
local rows, lunatik, runner = require("bad.rows"), require("lunatik"), require("lunatik.runner")
rows.library("lunatik", { { "runtime", "string", "string?", good = { "contexts/empty", "process" } } }, lunatik)
rows.library("lunatik", { { "require", "string", good = { "bad.rows" } } }, _G)
if lunatik.runtime then
  rows.class("runtime", function() return lunatik.runtime("contexts/empty") end, { { "resume" }, { "stop" } })
  rows.refuses("lunatik", "runtime", lunatik.runtime,
    rows.each({ { fuel = "x" }, { memory = -1 }, { stack = {} }, { fail = 1 }, { capabilities = true } }, { "contexts/empty", "process" }))
end
local NONE <const> = "bad/there is none"
rows.library("lunatik.runner", {
  { "list" }, { "status" }, { "statistics" }, { "startup" }, { "run", "string", "string?", good = { NONE } },
  { "spawn", "string", "string?", good = { NONE } }, { "replace", "string", "string?", good = { NONE } },
  { "stop", "string", good = { NONE } }, { "resume", "string", good = { NONE } },
  { "lasting", "string", "string", "integer?", good = { NONE, "x", 1 } }, { "forget", "string", good = { NONE } },
})
for _, name in ipairs { "run", "spawn", "replace" } do
  for _, options in ipairs {
    { fuel = "x" }, { load_fuel = {} }, { memory = -1 }, { stack = true }, { faults = -1 }, { window = "x" }, { fail = "x" }, { capabilities = 1 },
  } do
    rows.refuses("lunatik.runner", name, runner[name], { "contexts/empty", "process", options })
  end
end
