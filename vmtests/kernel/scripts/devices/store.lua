-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A device that keeps what is written, as a file would.
local env, device, stat = require("lunatik")._ENV, require("device"), require("linux.stat")
local store = { name = "store", mode = stat.IRUSR | stat.IWUSR | stat.IRGRP, contents = "" }
env.opened, env.released = 0, 0
function store:open() env.opened = env.opened + 1 end
function store:release() env.released = env.released + 1 end
function store:read(length, offset) return self.contents:sub(offset + 1, offset + length) end
function store:write(text, offset) self.contents = self.contents:sub(1, offset) .. text end
local own = device.new(store)
return function(what)
  while true do
    if what == "stop" then own:stop() own:stop() end
    what = coroutine.yield(what == "length" and #store.contents or nil)
  end
end
