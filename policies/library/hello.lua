-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- TLS connections, judged by the host that their ClientHello names.

local stream = require("policies.library.stream")

local hello = {}

local HANDSHAKE <const> = 22

-- The function that tells of a TCP packet what `stream.new`'s does: whether to drop it, because the host is in the set
-- (of `domains.of`), and whether that is final.
function hello.new(blocked)
  return stream.new {
    begins = function(byte) return byte == HANDSHAKE end,
    judge = function(bytes, at, length)
      local label, more = blocked:hello(bytes, at, length)
      if label then return label ~= 0 end
      if more then return nil end
      return false
    end,
  }
end

return hello
