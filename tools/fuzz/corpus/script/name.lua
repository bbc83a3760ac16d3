-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The name of a DNS query, held against names and patterns.
local DROP, ACCEPT = 0, 1
local blocked = { ["example.net"] = true, ["ads.example.org"] = true }
local patterns = { "example.net", "ads" }

local function listed(name)
  for _, pattern in ipairs(patterns) do
    if string.find(name, pattern) ~= nil then return true end
  end
  return false
end

local function question(message)
  local labels, at = {}, 13
  while true do
    local length = message:byte(at)
    if not length or length == 0 then break end
    labels[#labels + 1] = message:sub(at + 1, at + length)
    at = at + 1 + length
  end
  return table.concat(labels, "."):lower()
end

local function below(name)
  local at = 1
  while at do
    if blocked[name:sub(at)] then return true end
    local dot = name:find(".", at, true)
    at = dot and dot + 1
  end
  return false
end

function hook(skb)
  local packet = skb:data("net")
  if packet:getuint8(9) ~= 17 then return ACCEPT end
  local at = (packet:getuint8(0) & 15) * 4
  local _, _, name = packet:getstring(at + 20):find("([^\0]*)")
  if listed(name) and below(question(packet:getstring(at + 8))) then return DROP end
  return ACCEPT
end
