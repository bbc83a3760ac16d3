-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The name that a DNS query asks for (RFC 1035, 4.1).

local byte, sub, unpack = string.byte, string.sub, string.unpack

local question = {}

-- QR and the opcode: of a standard query, none.
local NO_QUERY = 0xf800
local LONGEST_NAME = 255
-- As many as resolvers follow.
local MOST_POINTERS = 255

-- The name in lower case, without a last dot; nil for what is no query or broken.
function question.name(message)
  if #message < 12 then return end
  local flags, questions = unpack(">I2I2", message, 3)
  if flags & NO_QUERY ~= 0 or questions == 0 then return end

  local labels, at, total, pointers = {}, 13, 0, 0
  while true do
    local length = byte(message, at)
    if not length then return end
    if length == 0 then break end
    if length < 64 then
      total = total + 1 + length
      if total >= LONGEST_NAME then return end
      labels[#labels + 1] = sub(message, at + 1, at + length)
      at = at + 1 + length
    elseif length >= 0xc0 then
      local low = byte(message, at + 1)
      pointers = pointers + 1
      if not low or pointers > MOST_POINTERS then return end
      at = (length & 0x3f) << 8 | low
      at = at + 1
    else
      return
    end
  end
  return table.concat(labels, "."):lower()
end

return question
