-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local domains = require("policies.library.domains")

local case, same, counted = test.case, test.same, test.counted

local function query(name)
  local encoded = name:gsub("([^.]+)%.?", function(label) return counted(1, label) end)
  return string.pack(">I2I2I2I2I2I2", 77, 0x0100, 1, 0, 0, 0) .. encoded .. "\0\0\1\0\1"
end

local function has(set, name) return set:question(query(name)) ~= 0 end

local IN = { "blocked.example", "x.BLOCKED.example", "a.b.c.blocked.example", "b.org", "any.tld", "tld" }
local OUT = { "notblocked.example", "example", "org", "ab.org", "tld.example", "", "b.org.x" }

case("a domain and what is below it, named, listed, or both", function()
  test.file("lists/all", test.list { "blocked.example", "b.org", "tld" })
  test.file("lists/some", test.list { "b.org" })
  for _, parameters in ipairs {
    { domains = { "Blocked.example.", "b.org", "tld" } }, { list = "lists/all" },
    { domains = { "blocked.example", "tld" }, list = "lists/some" }, { domains = { "blocked.example", "b.org", "tld" }, list = "" },
  } do
    local set = domains.of(parameters)
    for _, name in ipairs(IN) do
      if not has(set, name) then error(name) end
    end
    for _, name in ipairs(OUT) do
      if has(set, name) then error(name) end
    end
    same(set:question("no query"), nil)
    same(select(2, set:hello("\22\3")), true)
    same(set:hello("no hello"), nil)
  end
end)

case("an empty set has nothing", function()
  same(has(domains.of { domains = {} }, "a.example"), false)
end)

case("what is no domain is refused, by its name", function()
  for _, bad in ipairs { "", ".example", "*.example", "a b", "https://a.example/" } do
    local ok, problem = pcall(domains.of, { domains = { bad } })
    same(ok, false)
    if not problem:find("'" .. bad .. "' is no domain", 1, true) then error(problem) end
  end
  for message, bad in pairs {
    ["'7' is no domain"] = { domains = { 7 } }, ["must be a list"] = { domains = "a.example" },
    ["are missing"] = {}, ["must be the path"] = { list = {} }, ["lists/none: there is no such file"] = { list = "lists/none" },
  } do
    local ok, problem = pcall(domains.of, bad)
    same(ok, false)
    if not problem:find(message, 1, true) then error(problem) end
  end
end)

case("categories are bits of labels, and all of them unless some are named", function()
  same(domains.categories { categories = {} }, -1)
  same(domains.categories { categories = { 0, 2, 63 } }, 1 | 4 | 1 << 63)
  for message, bad in pairs { ["'ads' is no category"] = { "ads" }, ["'64' is no category"] = { 64 }, ["must be a list"] = 1 } do
    local ok, problem = pcall(domains.categories, { categories = bad })
    same(ok, false)
    if not problem:find(message, 1, true) then error(problem) end
  end
end)
