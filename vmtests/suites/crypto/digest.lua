-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function gives digests of bytes that it makes, as a shell can make them, too: so many of `x`.
local shash, util = require("crypto.shash"), require("util")
return function(name, length)
  while true do
    local hash <close> = shash.new(name)
    name, length = coroutine.yield(util.bin2hex(hash:digest(("x"):rep(length))))
  end
end
