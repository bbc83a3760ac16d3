-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Who has knocked how far, and for whom ports are open: one for all CPUs.

local linux = require("linux")
local rcu = require("rcu")
local service = require("policies.library.service")

local knocks = {}

-- A sequence has so many ports: more do not fit an entry.
local LEAST <const>, MOST <const> = 2, 15
-- So many sources are followed; two whose places are one give way to each other.
local PLACES <const> = 10
-- So many have ports open at a time.
local MOST_OPEN <const> = 64
-- An entry: what tells a source from others in its place, how many knocks were right, and when the first was.
local TAG <const>, STAGE <const>, TIME <const> = 36, 32, 0xffffffff
-- Multiplying by it mixes bits (2^64 divided by the golden ratio).
local MIX <const> = 0x9e3779b97f4a7c15

-- The parameter's list of ports, once it has been looked at. `is_guarded` has those that are opened.
function knocks.sequence(list, is_guarded)
  local seen = service.ports(list, "sequence")
  for _, port in ipairs(list) do
    if not seen[port] or is_guarded[port] then
      error("parameter 'sequence': port " .. port .. " is there twice, or guarded itself", 2)
    end
    seen[port] = nil
  end
  if next(is_guarded) and (#list < LEAST or #list > MOST) then
    error("parameter 'sequence': give " .. LEAST .. " to " .. MOST .. " ports, in the order in which they open the others", 2)
  end
  return list
end

-- options.sequence: ports, in their order; options.within: seconds from the first knock to the last; options.open_for:
-- seconds for which ports are open then. Sources are integers, times seconds.
function knocks.new(options)
  local sequence, within, open_for = options.sequence, options.within, options.open_for
  local progress, open = rcu.table(1 << PLACES), rcu.table(MOST_OPEN)
  -- Nobody outside knows whose places are one.
  if not open.seed then open.seed = linux.random() end
  local seed = open.seed

  local function place(source)
    local mixed = (source ~ seed) * MIX
    return mixed >> 64 - PLACES, mixed >> 26 & 0xfffffff
  end

  local function is_open(source, now)
    local ends = open[source]
    return ends ~= nil and now < ends and ends - now <= open_for
  end

  local function let_in(source, now)
    local count = 0
    rcu.map(open, function(key, ends)
      if key == "seed" then return end
      if ends <= now then open[key] = nil else count = count + 1 end
    end)
    if count < MOST_OPEN or is_open(source, now) then open[source] = now + open_for end
  end

  local self = { is_open = is_open }

  -- A packet of a source to a port that is not guarded: a knock, or another, after which it begins anew.
  function self.hear(source, port, now)
    local slot, tag = place(source)
    local known = progress[slot] or 0
    local stage, first = 0, known & TIME
    if known >> TAG == tag and now - first < within and now >= first then stage = known >> STAGE & 15 end
    -- Who hears nothing may knock again.
    if stage > 0 and port == sequence[stage] then return end
    if port == sequence[stage + 1] then
      stage = stage + 1
    else
      stage = port == sequence[1] and 1 or 0
      if stage == 0 and known >> TAG ~= tag then return end
    end
    if stage == 1 then first = now end
    if stage == #sequence then
      let_in(source, now)
      stage = 0
    end
    progress[slot] = tag << TAG | stage << STAGE | first & TIME
  end

  return self
end

return knocks
