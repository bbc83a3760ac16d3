-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The module `test` for tests in Lua: what Rust offers, and what is easier here.
local test = ...

-- Both are the same.
function test.same(got, expected, what)
  if got ~= expected then
    error((what and what .. ": " or "") .. "expected " .. tostring(expected) .. ", got " .. tostring(got), 2)
  end
end

-- f(...) raises an error in which this text is.
function test.raises(text, f, ...)
  local ok, problem = pcall(f, ...)
  if ok then error("expected an error with '" .. text .. "', and there was none", 2) end
  if not tostring(problem):find(text, 1, true) then
    error("expected an error with '" .. text .. "', got: " .. tostring(problem), 2)
  end
end

-- Bytes with their length before them, in so many bytes.
function test.counted(width, bytes) return string.pack(">s" .. width, bytes) end

return test
