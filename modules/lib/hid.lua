-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drivers of input devices, in a softirq script while it loads:
--   hid.register { name = "remap", id_table = { { vendor = 0x1234 } }, raw_event = function(driver, device, report, raw) ... end }
-- Each function gets the table that was registered, and a table of the device, which keeps what they store in it, in
-- the state of each CPU.
--
-- # hid
--
-- Drivers of input devices (USB, Bluetooth, I2C); in softirq scripts, to be granted. `hid.register(driver)`, while the script loads, takes over
-- the devices that match; they go back to the kernel's own drivers when the script stops. It returns a `hid_driver`, which has no
-- methods. A driver is a table:
--
-- | field | |
-- |---|---|
-- | `name` | 1 to 63 letters, digits, spaces, `_`, `-`, `.`; no other driver's |
-- | `id_table` | an array of up to 256 tables, each with integers `bus`, `group`, `vendor`, `product`, which match any where they are missing, and `driver_data` (0) |
-- | `probe(driver, device, id)` | a device came; `id` is the entry that it matches, with all five fields. A negative errno refuses the device |
-- | `report_fixup(driver, device, bytes)` | the report descriptor, as `data`, to be changed before the kernel reads it |
-- | `raw_event(driver, device, report, bytes)` | a report, as `data`, to be changed before others see it. A negative errno drops it; nil, 0 or false pass it on |
-- | `remove(driver, device)` | a device that `probe` took went |
--
-- The functions are looked up in the table at each call. `device` is a table with `name`, `bus`, `group`, `vendor`, `product`, `version`, and keeps what is stored in it;
-- `report` has `id`, `type`, `size`, `application`, `maxfield`. Each CPU's state has its own: it is told of devices that come and go, and of
-- the reports that arrive on its CPU. If a function fails, the bytes are as before, and what happens is
-- what the script was run for: the report passes and the device works, or with `--fail drop` the report is dropped and the device
-- refused. Reports of host controllers that deliver in interrupts (USB 1.1) pass unseen, and the log says so.
--
-- ```lua softirq
-- -- a keyboard that types B for A
-- require("hid").register {
--   name = "b-for-a",
--   id_table = { { vendor = 0x1234, product = 0x5678 } },
--   raw_event = function(driver, device, report, bytes)
--     if bytes[2] == 4 then bytes[2] = 5 end
--   end,
-- }
-- ```

local driver = require("hid.driver")

local hid = {}

local functions = { "probe", "report_fixup", "raw_event", "remove" }

local function probe(opts, devices, key, device, bus, group, vendor, product, data)
  device.driver_data = data
  local result
  if opts.probe then
    local id = { bus = bus, group = group, vendor = vendor, product = product, driver_data = data }
    result = opts:probe(device, id)
  end
  -- One that is refused is nobody's.
  if not result or result == 0 then devices[key] = device end
  return result
end

local function report_fixup(opts, _, _, device, bytes)
  if opts.report_fixup then opts:report_fixup(device, bytes) end
end

local function raw_event(opts, devices, key, device, bytes, id, type, size, application, maxfield)
  devices[key] = device
  if opts.raw_event then
    local report = { id = id, type = type, size = size, application = application, maxfield = maxfield }
    return opts:raw_event(device, report, bytes)
  end
end

local function remove(opts, devices, key, device)
  local known = devices[key]
  devices[key] = nil
  if known and opts.remove then opts:remove(device) end
end

-- By the numbers of modules/luahid/shim.h.
local events = { [0] = probe, report_fixup, raw_event, remove }

function hid.register(opts)
  if type(opts) ~= "table" then error("hid.register: table expected", 2) end
  for _, name in ipairs(functions) do
    local f = opts[name]
    if f ~= nil and type(f) ~= "function" then error("hid.register: field '" .. name .. "' must be a function", 2) end
  end
  if type(opts.name) ~= "string" then error("hid.register: field 'name' must be a string", 2) end
  if type(opts.id_table) ~= "table" then error("hid.register: field 'id_table' must be a table", 2) end
  local devices = {}
  return driver.register(opts.name, opts.id_table, function(event, key, name, bus, group, vendor, product, version, ...)
    -- A CPU that was off when the device came has not heard of it.
    local device = devices[key]
      or { name = name, bus = bus, group = group, vendor = vendor, product = product, version = version }
    return events[event](opts, devices, key, device, ...)
  end)
end

return hid
