-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What becomes of calls with what functions are not for, by tables of them:
--   rows.library(library, { { "name", "integer", "string?", good = { 1, "x" } }, ... })
--   rows.class(make, { { "method", ... }, ... }[, close[, message]])
-- Each row says what a function takes ("?": nil will do, too), and arguments that fit where 0, "x" and the like do not.
-- Where the module works, each other value must raise the error that says so; elsewhere any error will do, and none.
local rows = { refused = 0, calls = 0, context = require("lunatik")._ENV.bad_context }

-- Whether the module works here: in tasks, unless its table says another context.
local strict = rows.context == "process"
function rows.works_in(context)
  strict = rows.context == context
end

local other = require("rcu").table(1)
local function nothing() end

-- What is not of a kind, what the error says, and what is.
local kinds = {
  integer = { { true, {}, print, "x", other }, { "integer expected", "integer out of range" }, 0 },
  string = { { true, {}, print, other, 7 }, { "string expected", "string or data expected" }, "x" },
  bytes = { { true, {}, print, other, 7 }, { "string or data expected", "string expected" }, "x" },
  ["function"] = { { true, 1, "x", {}, other }, { "function expected" }, nothing },
  table = { { true, 1, "x", print, other }, { "table expected" }, {} },
  object = { { true, 1, "x", {}, print, other }, { "invalid or closed object" } },
  -- Anything will do, and what does is not tried with more.
  value = { {}, {}, nil },
}
-- Of the right kind, and out of bounds, too long, too many. These give values or errors.
local extremes = {
  integer = { math.mininteger, -4096, -1, 1 << 31, 1 << 32, math.maxinteger },
  string = { "", "\0", ("x"):rep(300), ("/"):rep(5000) },
  bytes = { "", "\0", ("x"):rep(300), ("\xff"):rep(5000) },
  table = { { {} }, { [1] = true }, { [-1] = "x" }, { x = {} } },
}

local function kind_of(text)
  local kind, optional = text:match("^(%a+)(%??)$")
  return assert(kinds[kind], text), optional == "?", kind
end

local function count(row)
  return #row - 1
end

local function good(row)
  local list = { n = count(row) }
  for place = 1, list.n do
    local kind = kind_of(row[place + 1])
    list[place] = row.good and row.good[place]
    if list[place] == nil then list[place] = kind[3] end
  end
  return list
end

local function call(f, ...)
  rows.calls = rows.calls + 1
  local ok, message = pcall(f, ...)
  if not ok then
    rows.refused = rows.refused + 1
    assert(type(message) == "string" and #message > 0, "an error without a message")
  end
  return ok, message
end

local function refuses(where, messages, f, ...)
  local ok, message = call(f, ...)
  if not strict then return end
  assert(not ok, where .. " took it")
  for _, expected in ipairs(messages) do
    if message:find(expected, 1, true) then return end
  end
  error(where .. ": " .. message)
end

-- Tries `f` with each argument replaced in turn; `before` goes before them all, if it is not nil.
local function try(name, f, row, before)
  local fits = good(row)
  local function with(list)
    if before == nil then return table.unpack(list, 1, list.n) end
    return before, table.unpack(list, 1, list.n)
  end
  for place = 1, fits.n do
    local kind, optional, named = kind_of(row[place + 1])
    local function where(value)
      return ("%s: argument %d: %s %s"):format(name, place, type(value), tostring(value))
    end
    local function put(value)
      local list = { table.unpack(fits, 1, fits.n) }
      list.n, list[place] = fits.n, value
      return with(list)
    end
    for _, wrong in ipairs(kind[1]) do refuses(where(wrong), kind[2], f, put(wrong)) end
    if named ~= "value" and not optional then
      refuses(where(nil), kind[2], f, put(nil))
      local less = { table.unpack(fits, 1, place - 1) }
      less.n = place - 1
      refuses(where("too few"), kind[2], f, with(less))
    end
    if not row.waits then
      for _, extreme in ipairs(extremes[named] or {}) do call(f, put(extreme)) end
    end
  end
  if row.waits then return end
  -- More than it takes, and what it is for.
  local more = { table.unpack(fits, 1, fits.n) }
  for place = fits.n + 1, fits.n + 60 do more[place] = place end
  more.n = fits.n + 60
  call(f, with(more))
  call(f, with(fits))
end

function rows.library(library, list)
  for _, row in ipairs(list) do
    local f = library[row[1]]
    assert(type(f) == "function", "no function " .. row[1])
    try(row[1], f, row)
  end
end

-- Objects that `make` makes, one for each method; `close` is the method after which none works, as the message says.
function rows.class(make, list, close, message)
  local here, first = pcall(make)
  if not here then
    assert(not strict, first)
    return
  end
  for _, row in ipairs(list) do
    local object = make()
    local f = object[row[1]]
    assert(type(f) == "function", "no method " .. row[1])
    try(row[1], f, row, object)
    local fits = good(row)
    for _, wrong in ipairs(kinds.object[1]) do
      refuses(row[1] .. ": of " .. tostring(wrong), kinds.object[2], f, wrong, table.unpack(fits, 1, fits.n))
    end
    refuses(row[1] .. ": of nothing", kinds.object[2], f)
    if close and row[1] ~= close then
      local closed = make()
      pcall(closed[close], closed)
      refuses(row[1] .. ": closed", message and { message } or kinds.object[2], f, closed, table.unpack(fits, 1, fits.n))
    end
  end
end

return rows
