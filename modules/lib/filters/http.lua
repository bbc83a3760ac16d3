-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Requests of HTTP/1 in front of a server that knows nothing of it:
--
--   lunatik filter filters/http http --port 80
--
-- The server gets whole heads of requests that it may answer, and their bodies. A connection with any other is reset,
-- one that two readers could take differently included: what the server sees is what was looked at.
local LIMIT <const> = 8192
local methods <const> = { GET = true, HEAD = true, POST = true }
-- Patterns of paths that nobody gets; what is escaped in a path is not escaped any more here.
local refused <const> = { "^/private$", "^/private/", "/%.%.?/", "/%.%.?$", "//", "%c" }

local function unescaped(path)
  return (path:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function is_allowed(target)
  local path = unescaped(target:match("^[^?#]*"))
  for _, pattern in ipairs(refused) do
    if path:find(pattern) then return false end
  end
  return path:find("^/") ~= nil
end

-- The length of the body that follows a head; nothing if the request is refused.
local function judge(head)
  local method, target = head:match("^(%u+) (%S+) HTTP/1%.[01]\r\n")
  if not methods[method] or not is_allowed(target) then return end
  -- Lines that end or go on as only some readers take it.
  if head:find("[^\r]\n") or head:find("\r[^\n]") or head:find("\n[ \t]") or head:find("\0", 1, true) then return end
  local length
  for field, value in head:gmatch("\n([^:\r\n]*):[ \t]*([^\r\n]*)") do
    local name = field:lower()
    if name:find("[^%w%-_]") or name == "transfer-encoding" then return end
    if name == "content-length" then
      if length or not value:find("^%d+[ \t]*$") or #value > 9 then return end
      length = tonumber(value)
    end
  end
  return length or 0
end

http = {}

function http.recv(data, connection)
  local passed = {}
  data = (connection.rest or "") .. data
  connection.rest = nil
  while #data > 0 do
    local size = connection.body or 0
    if size == 0 then
      local last = select(2, data:find("\r\n\r\n", 1, true))
      if (last or #data) > LIMIT then return false end
      if not last then
        connection.rest = data
        break
      end
      local body = judge(data:sub(1, last))
      if not body then return false end
      passed[#passed + 1] = data:sub(1, last)
      connection.body, data = body, data:sub(last + 1)
    else
      local part = data:sub(1, size)
      passed[#passed + 1] = part
      connection.body, data = size - #part, data:sub(#part + 1)
    end
  end
  return table.concat(passed)
end
