-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- INPUT as calls of all that there is in userland.
local data, set, packet = BINDINGS.data, BINDINGS.set, BINDINGS.packet
for _, library in ipairs { data, packet, set } do PLAYER.library(library) end
PLAYER.methods {
  "getbyte", "getint8", "getint16", "getuint32", "getint64", "u16", "u24", "u32", "u64", "getstring", "setstring",
  "match", "question", "hello",
}
local object = data.new(64)
for _, value in ipairs {
  INPUT, object, set.labeled { ["blocked.example"] = 1, [".ads.example"] = 6 },
  setmetatable({}, { __index = object, __len = function() return 3 end }),
} do
  PLAYER.value(value)
end
PLAYER.play(INPUT)
