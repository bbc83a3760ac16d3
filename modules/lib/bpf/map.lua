-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Pinned eBPF maps as tables: local map = require("bpf.map")
--   local counters <close> = map.hash("/sys/fs/bpf/counters", "I4", "I8")
--   counters[80] = (counters[80] or 0) + 1
-- A spec says what the bytes of keys or values are: a format of string.pack, whose one value
-- stands for itself and whose several values are a list, or what `struct` makes of a layout,
-- whose fields are a list. Of a map as a table, `pairs` visits each entry, an entry set to nil
-- is deleted, and map.info and map.close are functions, so that every key is the map's.

local bpf = require("bpf")
local class = require("class")

local pack, unpack = string.pack, string.unpack

-- What string.unpack returns, without the position at its end.
local function list(...)
  local values = { ... }
  values[select("#", ...)] = nil
  return values
end

local scalar, array, record = class {}, class {}, class {}

function scalar:encode(value) return pack(self.format, value) end
function scalar:decode(bytes) return (unpack(self.format, bytes)) end

function array:encode(values) return pack(self.format, table.unpack(values)) end
function array:decode(bytes) return list(unpack(self.format, bytes)) end

function record:encode(values) return self.struct:pack(table.unpack(values)) end
function record:decode(bytes) return list(self.struct:unpack(bytes)) end

local codecs = {}

function codecs.string(format)
  local size = string.packsize(format)
  local values = #list(unpack(format, ("\0"):rep(size)))
  return (values == 1 and scalar or array):new { format = format, size = size }
end

function codecs.table(struct)
  return struct.pack and struct.unpack and struct.size and record:new { struct = struct, size = struct.size }
end

-- The codec of a spec for the map's keys or values, which have so many bytes.
local function codec(spec, what, size)
  local make = codecs[type(spec)]
  local found = make and make(spec)
  if not found then
    error(("bpf.map: the %s spec is neither a format of string.pack nor made by struct"):format(what), 4)
  end
  if found.size ~= size then
    error(("bpf.map: the %s spec packs %d bytes, the map's %ss have %d"):format(what, found.size, what, size), 4)
  end
  return found
end

-- Closes the map unless f, given its properties, returns.
local function opened(handle, f)
  local result = table.pack(pcall(f, handle:info()))
  if result[1] then return table.unpack(result, 2, result.n) end
  handle:close()
  error(result[2], 0)
end

local map = {}

-- Where a table keeps its map and codecs: a key that nobody else has.
local STATE = {}

local function state_of(view)
  return type(view) == "table" and rawget(view, STATE) or error("bpf.map: this is no map as a table", 3)
end

-- Releases the map.
function map.close(view)
  state_of(view).handle:close()
end

-- The map's type, key_size, value_size and max_entries.
function map.info(view)
  return state_of(view).handle:info()
end

local View = { __close = map.close }

function View.__index(view, key)
  local state = rawget(view, STATE)
  local bytes = state.handle:lookup(state.key:encode(key))
  return bytes and state.value:decode(bytes)
end

function View.__newindex(view, key, value)
  local state = rawget(view, STATE)
  local bytes = state.key:encode(key)
  if value == nil then
    state.handle:delete(bytes)
  else
    state.handle:update(bytes, state.value:encode(value))
  end
end

-- The next key is known before an entry is shown: that may be deleted. When another that is
-- changing the map deletes it first, the kernel begins anew; no more entries are shown than
-- the map can have.
function View.__pairs(view)
  local state = rawget(view, STATE)
  local handle = state.handle
  local left, upcoming = #handle, handle:next()
  return function()
    while upcoming and left > 0 do
      local key = upcoming
      left, upcoming = left - 1, handle:next(key)
      local bytes = handle:lookup(key)
      if bytes then return state.key:decode(key), state.value:decode(bytes) end
    end
    return nil
  end
end

local function table_of(handle, keyspec, valuespec)
  return opened(handle, function(info)
    local key = codec(keyspec, "key", info.key_size)
    local value = codec(valuespec, "value", info.value_size)
    return setmetatable({ [STATE] = { handle = handle, key = key, value = value } }, View)
  end)
end

function map.hash(path, keyspec, valuespec) return table_of(bpf.hash(path), keyspec, valuespec) end

function map.array(path, keyspec, valuespec) return table_of(bpf.array(path), keyspec, valuespec) end

function map.lru_hash(path, keyspec, valuespec) return table_of(bpf.lru_hash(path), keyspec, valuespec) end

-- Maps without keys are objects.
local map_queue = class {}

-- True, or false if the map is full (with linux.bpf.EXIST the oldest value makes room).
function map_queue:push(value, flags)
  return self.handle:push(self.value:encode(value), flags)
end

-- The value whose turn it is, taken off, or nil.
function map_queue:pop()
  local bytes = self.handle:pop()
  return bytes and self.value:decode(bytes)
end

-- The same value, left there.
function map_queue:peek()
  local bytes = self.handle:peek()
  return bytes and self.value:decode(bytes)
end

function map_queue:info() return self.handle:info() end

function map_queue:close() self.handle:close() end

local function queue_of(handle, valuespec)
  return opened(handle, function(info)
    return map_queue:new { handle = handle, value = codec(valuespec, "value", info.value_size) }
  end)
end

function map.queue(path, valuespec) return queue_of(bpf.queue(path), valuespec) end

function map.stack(path, valuespec) return queue_of(bpf.stack(path), valuespec) end

return map
