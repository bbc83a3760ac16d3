-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What becomes of calls with what functions are not for, by tables of them:
--   rows.library("data", { { "new", "integer" }, ... })
--   rows.class("fifo", make, { { "push", "string" }, ... }[, close[, message]])
--   rows.refuses("conntrack", "find", flows.find, { flows, "x" }, ...)
-- Each row says what a function takes ("?": nil will do, too), and arguments that fit where 0, "x" and the like do not. Rows
-- go by the name of the Lua module or class, as tools/reference has it: 88-bad-input wants one for each function that there is.
-- Where a function works, each other value must raise the error that says so (any, in a list with `any`: libraries in Lua say
-- it in their own words); where its context refuses it, any error, and never a value.
local lunatik = require("lunatik")
local rows = { refused = 0, calls = 0, context = lunatik._ENV.bad_context }
local tried = lunatik._ENV.bad_tried

-- Whether this is the context of what is tried: tasks, unless its table says another one.
local own = rows.context == "process"
function rows.works_in(context)
  own = rows.context == context
end

-- What functions say that their context refuses; those that it does not have are nil.
local refusals = { "context mismatch", "may sleep", "while the script loads", "rules need one state", "attempt to call a nil value" }

local function is_refusal(message)
  for _, text in ipairs(refusals) do
    if message:find(text, 1, true) then return true end
  end
  return false
end

-- Whether the context refuses the function that is being tried.
local elsewhere = false

local function note(of, name)
  if own then tried[of .. " " .. name] = true end
end

local other = require("rcu").table(1)
local function nothing() end

-- What is not of a kind, what the error says, and what is.
local kinds = {
  integer = { { true, {}, print, "x", other }, { "integer expected", "integer out of range" }, 0 },
  string = { { true, {}, print, other, 7 }, { "string expected", "string or data expected" }, "x" },
  -- What libraries in Lua take: a number stands for its digits, as in Lua.
  text = { { true, {}, print, other }, { "string expected" }, "x" },
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
  text = { "", "\0", ("x"):rep(300), ("\xff"):rep(5000) },
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
  assert(not ok, where .. " took it")
  if elsewhere or not messages then return end
  for _, expected in ipairs(messages) do
    if message:find(expected, 1, true) then return end
  end
  error(where .. ": " .. message)
end

-- Whatever fits or not: where the context refuses the function, it gives no value.
local function call_with(where, f, ...)
  local ok = call(f, ...)
  assert(not (ok and elsewhere), where .. " gives a value where it is refused")
end

-- Finds out whether the context refuses `f`, by arguments that fit; in its own context it does not.
local function look(f, row, before)
  elsewhere = false
  if own or row.waits and rows.context == "process" then return end
  local fits = good(row)
  local ok, message
  if before == nil then
    ok, message = call(f, table.unpack(fits, 1, fits.n))
  else
    ok, message = call(f, before, table.unpack(fits, 1, fits.n))
  end
  elsewhere = not ok and is_refusal(message)
end

-- Tries `f` with each argument replaced in turn; `before` goes before them all, if it is not nil. `any` error will do.
local function try(name, f, row, before, any)
  local fits = good(row)
  local function with(list)
    if before == nil then return table.unpack(list, 1, list.n) end
    return before, table.unpack(list, 1, list.n)
  end
  for place = 1, fits.n do
    local kind, optional, named = kind_of(row[place + 1])
    local messages = not any and kind[2] or nil
    local function where(value)
      return ("%s: argument %d: %s %s"):format(name, place, type(value), tostring(value))
    end
    local function put(value)
      local list = { table.unpack(fits, 1, fits.n) }
      list.n, list[place] = fits.n, value
      return with(list)
    end
    for _, wrong in ipairs(kind[1]) do refuses(where(wrong), messages, f, put(wrong)) end
    if named ~= "value" and not optional then
      refuses(where(nil), messages, f, put(nil))
      local less = { table.unpack(fits, 1, place - 1) }
      less.n = place - 1
      refuses(where("too few"), messages, f, with(less))
    end
    if not row.waits then
      for _, extreme in ipairs(extremes[named] or {}) do call_with(where(extreme), f, put(extreme)) end
    end
  end
  if row.waits then return end
  -- More than it takes, and what it is for.
  local more = { table.unpack(fits, 1, fits.n) }
  for place = fits.n + 1, fits.n + 60 do more[place] = place end
  more.n = fits.n + 60
  call_with(name, f, with(more))
  call_with(name, f, with(fits))
end

-- The functions of a module; or the module itself, by the last part of its name, where it is one.
function rows.library(of, list, library)
  library = library or require(of)
  for _, row in ipairs(list) do
    local f = type(library) == "function" and library or library[row[1]]
    assert(f or not own, "no function " .. row[1])
    if f then
      look(f, row)
      try(of .. "." .. row[1], f, row, nil, list.any)
      note(of, row[1])
    end
  end
end

-- Objects that `make` makes, one for each method; `close` is the method after which none works, as the message says.
function rows.class(of, make, list, close, message)
  local here, first = pcall(make)
  if not here then
    assert(not own, first)
    return
  end
  local shown = tostring(first):match("^([%w_.*]+): ")
  assert(type(first) == "table" or not shown or shown == of, tostring(shown))
  local says = not list.any and kinds.object[2] or nil
  for _, row in ipairs(list) do
    local object = assert(make(), of .. ": no object")
    local f = object[row[1]]
    assert(type(f) == "function", "no method " .. row[1])
    look(f, row, not own and make() or nil)
    local name = of .. ":" .. row[1]
    try(name, f, row, object, list.any)
    local fits = good(row)
    for _, wrong in ipairs(kinds.object[1]) do
      refuses(name .. ": of " .. tostring(wrong), says, f, wrong, table.unpack(fits, 1, fits.n))
    end
    refuses(name .. ": of nothing", says, f)
    if close and row[1] ~= close then
      local closed = make()
      pcall(closed[close], closed)
      refuses(name .. ": closed", message and { message } or says, f, closed, table.unpack(fits, 1, fits.n))
    end
    note(of, row[1])
  end
end

-- A function that a row does not describe, and lists of arguments that are errors, each, in every context.
function rows.refuses(of, name, f, ...)
  for place, arguments in ipairs { ... } do
    local ok, message = call(f, table.unpack(arguments, 1, arguments.n or #arguments))
    assert(not ok, ("%s %s: list %d of arguments: took it"):format(of, name, place))
    assert(type(message) == "string", "an error without a message")
  end
  note(of, name)
end

-- The same value of each kind, one list of arguments for each: those before it, the value, and those behind it.
function rows.each(values, before, behind)
  local lists = {}
  for _, value in ipairs(values) do
    local list = table.move(before, 1, #before, 1, {})
    list[#list + 1] = value
    lists[#lists + 1] = table.move(behind or {}, 1, behind and #behind or 0, #list + 1, list)
  end
  return table.unpack(lists)
end

return rows
