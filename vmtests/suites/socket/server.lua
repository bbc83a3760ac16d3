-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that serves one client after the other: what one sends, backwards. Of TCP, at port 7001 of both families.
local env, inet = require("lunatik")._ENV, require("socket.inet")
local sol, so = require("linux.socket.sol"), require("linux.socket.so")
local servers = { inet.tcp(), inet.tcp6() }
for _, server in ipairs(servers) do server.socket:setsockopt(sol.SOCKET, so.REUSEADDR, 1) end
servers[1]:bind("127.0.0.1", 7001)
servers[2]:bind("::1", 7001)
for _, server in ipairs(servers) do server:listen() end
return function()
  -- The family to serve is in the table that all share.
  local server = servers[env.serve]
  while true do
    local session <close> = server:accept()
    session:send(session:receive(100):reverse())
  end
end
