-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A device that keeps what is written, as a file would, and counts who opens it.
local env, device, stat = require("lunatik")._ENV, require("device"), require("linux.stat")
local store = { name = "test-store", mode = stat.IRUSR | stat.IWUSR | stat.IRGRP, contents = "" }
env.opened, env.released, env.closed = 0, 0, nil
function store:open()
  if env.closed then error("closed today") end
  env.opened = env.opened + 1
end
function store:release() env.released = env.released + 1 end
function store:read(length, offset) return self.contents:sub(offset + 1, offset + length) end
function store:write(text, offset)
  self.contents = self.contents:sub(1, offset) .. text .. self.contents:sub(offset + #text + 1)
end
device.new(store)
