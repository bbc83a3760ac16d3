-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Pinned eBPF maps as tables: local map = require("bpf.map")
--   local counters <close> = map.hash("/sys/fs/bpf/counters", "I4", "I8")
--   counters[80] = (counters[80] or 0) + 1
-- A spec says what the bytes of keys or values are: a format of string.pack, whose one value
-- stands for itself and whose several values are a list, or what `struct` makes of a layout,
-- whose fields are a list. Of a map as a table, `pairs` visits each entry, an entry set to nil
-- is deleted, and map.info and map.close are functions, so that every key is the map's.
--
-- # bpf.map
--
-- The same maps as tables: `map.hash(path, keyspec, valuespec)`, `map.array`, `map.lru_hash`. A spec is a
-- format of `string.pack` (several values are a list) or what `struct` makes (fields are a list), and
-- must have the map's size. `t[k]` looks up, `t[k] = v` updates, nil deletes, `pairs(t)` visits, and may
-- delete; `map.info(t)` and `map.close(t)` are functions, so that every key is the map's. A variable
-- marked `<close>` closes its map. `map.queue(path, valuespec)` and `map.stack` give objects with
-- `push(value[, flags])`, `pop()`, `peek()`, `info()`, `close()`.
--
-- ```lua process
-- local seen <close> = require("bpf.map").hash("/sys/fs/bpf/seen", "c4", "I4")
-- seen["\x0a\0\0\1"] = 7
-- for address, count in pairs(seen) do print(require("net").ntoa(string.unpack(">I4", address)), count) end
-- ```

local bpf = require("bpf")
local class = require("class")

local pack, unpack = string.pack, string.unpack

-- What string.unpack returns, without the position at its end.
local function list(...)
  local values = { ... }
  values[select("#", ...)] = nil
  return values
end

-- By the type of a spec, how it turns values into bytes and back, and how many bytes those are.
local codecs = {}

function codecs.string(format)
  local size = string.packsize(format)
  if #list(unpack(format, ("\0"):rep(size))) == 1 then
    return {
      size = size,
      encode = function(value) return pack(format, value) end,
      decode = function(bytes) return (unpack(format, bytes)) end,
    }
  end
  return {
    size = size,
    encode = function(values) return pack(format, table.unpack(values)) end,
    decode = function(bytes) return list(unpack(format, bytes)) end,
  }
end

function codecs.table(struct)
  return struct.pack and struct.unpack and struct.size and {
    size = struct.size,
    encode = function(values) return struct:pack(table.unpack(values)) end,
    decode = function(bytes) return list(struct:unpack(bytes)) end,
  }
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

-- Where the metatable of a map as a table has the map: a key that nobody else has.
local HANDLE = {}

local function handle_of(view)
  local metatable = type(view) == "table" and getmetatable(view)
  return metatable and metatable[HANDLE] or error("bpf.map: this is no map as a table", 3)
end

-- Releases the map.
function map.close(view)
  handle_of(view):close()
end

-- The map's type, key_size, value_size and max_entries.
function map.info(view)
  return handle_of(view):info()
end

-- A map as a table. What hooks do with it are these few functions, so they ask for nothing twice.
local function view_of(handle, key, value)
  local lookup, update, delete = handle.lookup, handle.update, handle.delete
  local encode_key, encode, decode = key.encode, value.encode, value.decode
  local view = { [HANDLE] = handle, __close = map.close }

  function view.__index(_, k)
    local bytes = lookup(handle, encode_key(k))
    return bytes and decode(bytes)
  end

  function view.__newindex(_, k, v)
    if v == nil then
      delete(handle, encode_key(k))
    else
      update(handle, encode_key(k), encode(v))
    end
  end

  -- The next key is known before an entry is shown: that may be deleted. When another that is
  -- changing the map deletes it first, the kernel begins anew; no more entries are shown than
  -- the map can have.
  function view.__pairs()
    local left, upcoming = #handle, handle:next()
    return function()
      while upcoming and left > 0 do
        local bytes = upcoming
        left, upcoming = left - 1, handle:next(bytes)
        local found = lookup(handle, bytes)
        if found then return key.decode(bytes), decode(found) end
      end
      return nil
    end
  end

  return setmetatable({}, view)
end

local function table_of(handle, keyspec, valuespec)
  return opened(handle, function(info)
    return view_of(handle, codec(keyspec, "key", info.key_size), codec(valuespec, "value", info.value_size))
  end)
end

function map.hash(path, keyspec, valuespec) return table_of(bpf.hash(path), keyspec, valuespec) end

function map.array(path, keyspec, valuespec) return table_of(bpf.array(path), keyspec, valuespec) end

function map.lru_hash(path, keyspec, valuespec) return table_of(bpf.lru_hash(path), keyspec, valuespec) end

-- Maps without keys are objects.
local map_queue = class {}

-- True, or false if the map is full (with linux.bpf.EXIST the oldest value makes room).
function map_queue:push(value, flags)
  return self.handle:push(self.value.encode(value), flags)
end

-- The value whose turn it is, taken off, or nil.
function map_queue:pop()
  local bytes = self.handle:pop()
  return bytes and self.value.decode(bytes)
end

-- The same value, left there.
function map_queue:peek()
  local bytes = self.handle:peek()
  return bytes and self.value.decode(bytes)
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
