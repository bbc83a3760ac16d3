-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- payload inspection: find / match / gmatch / plain find
local http = "GET /index.html?x=1&y=2 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"
local n = 0
for i = 1, N or 4000 do
  local m, path = http:match("^(%u+) (%S+) HTTP")
  local host = http:match("\r\nHost: ([%w%.%-]+)\r\n")
  if http:find("evil.example", 1, true) then n = n + 1 end
  if host and host:find("%.example%.com$") then n = n + 1 end
  for k, v in path:gmatch("(%w+)=(%w+)") do n = n + #v end
end
print(n)
