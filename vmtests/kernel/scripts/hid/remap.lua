-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes a keyboard's A a B, loses its C, and fails at its D; repairs the descriptor of another.
local env, hid = require("lunatik")._ENV, require("hid")
env.probed, env.removed, env.device, env.seen = 0, 0, "", 0

local driver = {
  name = "remap",
  id_table = { { bus = 3, vendor = 0x1234, product = 0x5678, driver_data = 7 }, { vendor = 0x1234, product = 0x5679 } },
}

function driver:probe(device, id)
  assert(self == driver and id.driver_data == device.driver_data)
  if device.product == 0x567a then return -19 end
  env.probed = env.probed + 1
  env.device = ("%s %x %x %x %d"):format(device.name, device.bus, device.vendor, device.version, id.driver_data)
  device.reports = 0
end

function driver:report_fixup(device, bytes)
  if device.product == 0x5679 then
    if bytes[7] ~= 12 then error("on purpose: the descriptor is another") end
    bytes[7] = 7
  end
end

function driver:raw_event(device, report, raw)
  device.reports = device.reports + 1
  env.seen = device.reports
  assert(report.id == 0 and report.type == 0 and report.size == 64 and report.maxfield > 0)
  local key = raw[2]
  if key == 4 then raw[2] = 5 end
  if key == 6 then return -125 end
  if key == 7 then raw[2] = 5 error("on purpose") end
  if key == 8 then raw[2] = 5 return {} end
  if key == 9 then while true do end end
  if key == 10 then self.kept = raw return 0 end
  if key == 11 then raw[2] = self.kept[2] end
  if key == 12 then return 1 end
  return false
end

function driver:remove(device)
  assert(device.reports)
  env.removed = env.removed + 1
end

assert(type(hid.register(driver)) == "userdata")
