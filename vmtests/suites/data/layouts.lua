-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says where the fields of some structures lie; the function returns it.
local structures = {
  { "linux.netlink.layout", "nlmsghdr" }, { "linux.netlink.layout", "nlattr" },
  { "linux.genl.layout", "genlmsghdr" },
  { "linux.rtnetlink.layout", "rtmsg" }, { "linux.rtnetlink.layout", "ifinfomsg" },
  { "linux.rtnetlink.layout", "ifaddrmsg" },
}
local lines = {}
for _, structure in ipairs(structures) do
  local module, name = table.unpack(structure)
  local layout = require(module)[name]
  local words = { name, layout.size }
  for _, it in ipairs(layout.fields) do words[#words + 1] = ("%s:%d:%d"):format(it.name, it.offset, it.size) end
  lines[#lines + 1] = table.concat(words, " ")
  -- The bytes 1, 2, 3, ... are what a program of C sees in them.
  local bytes = {}
  for i = 1, layout.size do bytes[i] = string.char(i) end
  local record = require("struct")(layout)
  local values = table.pack(record:unpack(table.concat(bytes)))
  assert(values[values.n] == layout.size + 1 and record.size == layout.size)
  local again = table.pack(record:unpack(record:pack(table.unpack(values, 1, values.n - 1))))
  for i = 1, values.n do assert(again[i] == values[i], name) end
  lines[#lines + 1] = table.concat(values, " ", 1, values.n - 1)
end
return function() return table.concat(lines, "\n") end
