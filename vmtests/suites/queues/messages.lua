-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Messages come out whole; what is none stays.
local q = require("fifo").new(64)
assert(q:message() == nil)
for _, text in ipairs { "one", "", ("x"):rep(20) } do q:push(string.pack("s", text)) end
assert(q:message() == "one" and q:message() == "" and q:message() == ("x"):rep(20) and q:message() == nil)
q:push("\255\255\255\255\255\255\255\255")
local ok, message = pcall(q.message, q)
assert(not ok and message:find("malformed message", 1, true), tostring(message))
assert(q:pop(100) == ("\255"):rep(8))
do local closed <close> = q end
for _, method in ipairs { "push", "pop", "offer", "message" } do
  ok, message = pcall(q[method], q, "1")
  assert(not ok and message:find("invalid or closed object", 1, true), tostring(message))
end
