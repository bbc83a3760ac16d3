-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local domains = require("policies.library.domains")

case("a domain and what is below it", function()
  local has = domains.set { "Blocked.example.", "b.org", "tld" }
  for _, name in ipairs { "blocked.example", "x.BLOCKED.example", "a.b.c.blocked.example.", "b.org", "any.tld", "tld" } do
    if not has(name) then error(name) end
  end
  for _, name in ipairs { "notblocked.example", "example", "org", "ab.org", "tld.example", "", ".", "..", "b.org.x" } do
    if has(name) then error(name) end
  end
end)

case("names of any length end", function()
  local has = domains.set { "b.org" }
  same(has(("a."):rep(100000) .. "b.org"), true)
  same(has(("."):rep(100000)), false)
  same(has(("a"):rep(100000)), false)
end)

case("an empty set has nothing", function()
  same(domains.set {}("a.example"), false)
end)

case("what is no domain is refused, by its name", function()
  for _, bad in ipairs { "", ".example", "*.example", "a b", "https://a.example/" } do
    local ok, problem = pcall(domains.set, { bad })
    same(ok, false)
    if not problem:find("'" .. bad .. "' is no domain", 1, true) then error(problem) end
  end
  same(pcall(domains.set, { 7 }), false)
  same(pcall(domains.set, "a.example"), false)
  same(pcall(domains.set), false)
end)
