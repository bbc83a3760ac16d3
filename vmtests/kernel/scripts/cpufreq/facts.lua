-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What a governor sees and does; with the model's frequencies.
local cpufreq, classic, env = require("cpufreq"), require("cpufreq.classic"), require("lunatik")._ENV
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
local function is(expected, got) assert(got == expected, ("expected %s, got %s"):format(expected, got)) end

local kept = {} -- by CPU
env.facts, env.after = "", ""

local function look(policy)
  is("400000 800000 1200000 1600000", table.concat(policy:frequencies(), " "))
  is("400000 1600000", table.concat({ policy:hardware() }, " "))
  is(400000, policy:min())
  is(1600000, policy:max())
  for _, case in ipairs {
    { 1200000, 1000000 }, { 1200000, 1000000, "at least" }, { 800000, 1000000, "at most" }, { 800000, 900000, "closest" },
    { 1200000, 1100000, "closest" }, { 400000, 0 }, { 400000, 0, "at most" }, { 1600000, 0xffffffff }, { 800000, 800000 },
  } do
    is(case[1], policy:target(case[2], case[3]))
    is(case[1], policy:current())
  end
  raises("invalid value", policy.target, policy, 400000, "nearest")
  raises("integer expected", policy.target, policy)
  for _, khz in ipairs { -1, 1 << 32, math.mininteger } do raises("out of range", policy.target, policy, khz) end
  raises("", policy.target, {}, 400000)
  raises("out of range", policy.load, policy, -1)
  for _, cpu in ipairs { 77, 0xffffffff } do is(nil, policy:load(cpu)) end
  local load, own = policy:load(), policy:load(policy:cpu())
  assert(load >= 0 and load <= 100 and own >= 0 and own <= 100)
  is(nil, policy:temperature("there is no such zone"))
  assert(math.type(policy:temperature()) ~= "float")
  raises("cannot share SINGLE object", function() env.own = policy end)

  local cpu = classic(policy)
  cpu.target(cpu.tab_freq.getMin())
  is(400000, cpu.tab_freq.getPrev())
  is(800000, cpu.tab_freq.getNext())
  cpu.target(cpu.tab_freq.getMax())
  is(1200000, cpu.tab_freq.getPrev())
  is(1600000, cpu.tab_freq.getNext())
  is(1600000, cpu.tab_freq.getCurrent())
  assert(cpu.getLoad() <= 100)
  is(policy:temperature(), cpu.getTemp())
end

cpufreq.register {
  name = "facts",
  interval = 10,
  update = function(policy)
    local ok, message = pcall(look, policy)
    if not ok then
      -- It may have become another's meanwhile.
      if policy:current() then error(message, 0) end
      return
    end
    kept[policy:cpu()] = policy
    env.facts = ("fine: %d of %s"):format(policy:cpu(), table.concat(policy:cpus(), " "))
  end,
  -- The policy is another's, unless its CPUs have changed.
  stop = function(policy)
    if policy:current() then return end
    for _, one in ipairs { policy, kept[policy:cpu()] } do
      for _, method in ipairs { "current", "min", "max", "hardware", "load" } do is(nil, one[method](one)) end
      is(nil, one:target(400000))
      is(0, #one:cpus() + #one:frequencies())
    end
    env.after = env.after .. policy:cpu()
  end,
}
