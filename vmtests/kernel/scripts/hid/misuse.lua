-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `hid` refuses in each context.
local hid, driver = require("hid"), require("hid.driver")
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
local function nothing() end
for _, value in ipairs { 1, "x", true, nothing } do raises("table expected", hid.register, value) end
raises("table expected", hid.register)
for _, name in ipairs { "probe", "report_fixup", "raw_event", "remove" } do
  raises("'" .. name .. "' must be a function", hid.register, { name = "x", id_table = {}, [name] = 1 })
end
raises("'name' must be a string", hid.register, { id_table = {} })
raises("'id_table' must be a table", hid.register, { name = "x" })
raises("table expected", driver.register, "x", 1, nothing)
raises("function expected", driver.register, "x", {}, {})
raises("string expected", driver.register, nil, {}, nothing)
local ok, message = pcall(hid.register, { name = "", id_table = {} })
if message:find("runtime context mismatch", 1, true) then return end
for _, name in ipairs { "", ("x"):rep(64), "a/b", ".x", "a\nb" } do raises("'name' is 1 to 63", hid.register, { name = name, id_table = {} }) end
raises("invalid value", hid.register, { name = "a\0", id_table = {} })
for _, entry in ipairs { 1, "x", true, nothing } do raises("id_table: at most 256 tables", hid.register, { name = "x", id_table = { entry } }) end
local function entry(field, value) return { name = "x", id_table = { { [field] = value } } } end
for field, above in pairs { bus = 1 << 16, group = 1 << 16, vendor = 1 << 32, product = 1 << 32, driver_data = -1 } do
  for _, value in ipairs { above, -1, math.mininteger, "x", {} } do raises("'" .. field .. "' is an integer", hid.register, entry(field, value)) end
end
raises("'bus' is an integer", hid.register, entry("bus", 0))
local long = {}
for index = 1, 257 do long[index] = {} end
raises("id_table: at most 256 tables", hid.register, { name = "x", id_table = long })
local own = hid.register { name = "misuse", id_table = { { vendor = 0x4321 } } }
raises("cannot share SINGLE object", function() require("lunatik")._ENV.own = own end)
