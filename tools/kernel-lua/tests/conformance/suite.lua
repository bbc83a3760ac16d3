-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the rooms of this suite are written with. It is loaded before them, into the same state.

-- The libraries of a fresh state: name of each function -> whether a case names it.
FUNCTIONS, CASES = {}, {}
for name, value in pairs(_G) do
  if type(value) == "function" then
    FUNCTIONS[name] = false
  elseif type(value) == "table" and value ~= _G then
    for field, member in pairs(value) do
      if type(member) == "function" then FUNCTIONS[name .. "." .. field] = false end
    end
  end
end
-- What is of the suite, or of the kernel's loader, is no part of the language.
FUNCTIONS.require = nil

local function show(value)
  return type(value) == "string" and string.format("%q", value) or tostring(value)
end

-- case(name, body): one promise of the language, and what shows that it is kept. A name begins with what it
-- is about: a function of a library, or an operator, event or statement in quotes.
function case(name, body)
  if CASES[name] then error("two cases are called " .. name, 2) end
  CASES[name] = true
  for word in name:gmatch("[%w_.]+") do
    if FUNCTIONS[word] == false then FUNCTIONS[word] = true end
  end
  local kept, problem = pcall(body)
  if not kept then error(name .. ": " .. show(problem), 0) end
end

-- same(value, expected)
function same(value, expected)
  if not rawequal(value, expected) then error("got " .. show(value) .. ", expected " .. show(expected), 2) end
end

-- gives({ n = count, ... }, f(...)): so many values, and these
function gives(expected, ...)
  local got, count = table.pack(...), expected.n or #expected
  if got.n ~= count then error("got " .. got.n .. " values, expected " .. count, 2) end
  for i = 1, count do
    if not rawequal(got[i], expected[i]) then
      error("value " .. i .. " is " .. show(got[i]) .. ", expected " .. show(expected[i]), 2)
    end
  end
end

-- raises(message, f, ...): f raises a text, which is the message behind where it happened
function raises(message, f, ...)
  local ran, problem = pcall(f, ...)
  if ran then error("no error, expected " .. show(message), 2) end
  if type(problem) == "string" then problem = problem:gsub("^[^\n]-:%d+: ", "") end
  if problem ~= message then error("raises " .. show(problem) .. ", expected " .. show(message), 2) end
end

-- compile(text): the function of a chunk that must be one
function compile(text, environment)
  local chunk, problem = load(text, "=chunk", "t", environment or _G)
  if not chunk then error(problem, 2) end
  return chunk
end

-- run(text, ...): what the chunk gives
function run(text, ...)
  return compile(text)(...)
end

-- rejects(message, text): no chunk, for this reason, which names the line
function rejects(message, text)
  local chunk, problem = load(text, "=chunk")
  if chunk then error(text .. " compiles", 2) end
  if problem ~= "chunk:" .. message then error("rejected as " .. show(problem) .. ", expected " .. show(message), 2) end
end

-- list(iterator...): what a generic for sees, as text: "key=value key=value"
function list(...)
  local seen = {}
  for key, value in ... do seen[#seen + 1] = tostring(key) .. "=" .. tostring(value) end
  return table.concat(seen, " ")
end
