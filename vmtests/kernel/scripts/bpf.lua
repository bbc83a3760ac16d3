-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `bpf` promises, in any context, of maps that the test made: keys of 4 bytes (none in
-- queues), values of 8, 16 entries.
local bpf = require("bpf")
local constants = require("linux.bpf")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local function checks(map, kind, key_size)
  local info = map:info()
  assert(info.type == kind and info.key_size == key_size and info.value_size == 8 and info.max_entries == 16)
  assert(info.writable == true and #map == 16)
end

local function keys(map)
  local found = {}
  for key in map.next, map do found[#found + 1] = key end
  table.sort(found)
  return table.concat(found, ",")
end

for _, name in ipairs { "hash", "lru_hash", "unreserved" } do
  local map <close> = bpf[name == "unreserved" and "hash" or name]("/sys/fs/bpf/" .. name)
  checks(map, name == "lru_hash" and constants.MAP_TYPE_LRU_HASH or constants.MAP_TYPE_HASH, 4)
  for key in map.next, map do map:delete(key) end -- what another context left
  assert(map:next() == nil and map:lookup("key0") == nil)
  assert(map:update("key0", "value000") == true and map:lookup("key0") == "value000")
  assert(map:update("key0", "value001", constants.NOEXIST) == false)
  assert(map:update("key1", "value001", constants.EXIST) == false)
  assert(map:update("key0", "value002", constants.EXIST) == true)
  assert(map:update("key1", "\0\0\0\0\0\0\0\0", constants.NOEXIST) == true)
  assert(map:lookup("key0") == "value002" and map:lookup("key1") == ("\0"):rep(8))
  assert(keys(map) == "key0,key1")
  assert(map:remove("key0") == "value002" and map:remove("key0") == nil)
  assert(map:delete("key1") == true and map:delete("key1") == false)
  assert(map:next() == nil and keys(map) == "")
  if name ~= "lru_hash" then -- that makes room by itself
    for i = 10, 25 do assert(map:update("k_" .. i, "value0" .. i)) end
    raises("the map is full", map.update, map, "k_26", "value026")
    assert(map:update("k_25", "value125") and map:lookup("k_25") == "value125")
    for i = 10, 25 do assert(map:delete("k_" .. i)) end
  end
  raises("a key of 3 bytes; the map's have 4", map.lookup, map, "key")
  raises("a key of 0 bytes", map.next, map, "")
  raises("a key of 5 bytes", map.delete, map, "key00")
  raises("a key of 5 bytes", map.remove, map, "key00")
  raises("a value of 7 bytes; the map's have 8", map.update, map, "key0", "value00")
  raises("no such operation, or flag", map.update, map, "key0", "value000", 3)
  raises("no such operation, or flag", map.update, map, "key0", "value000", 4) -- BPF_F_LOCK: there is none
  raises("no such operation, or flag", map.update, map, "key0", "value000", -1)
  raises("string expected", map.lookup, map, 1)
  raises("string expected", map.update, map, "key0")
  assert(map.push == nil and map.pop == nil and map.peek == nil)
end

do
  local map <close> = bpf.array("/sys/fs/bpf/array")
  local function index(i) return string.pack("I4", i) end
  checks(map, constants.MAP_TYPE_ARRAY, 4)
  assert(map:update(index(15), "value015") and map:lookup(index(15)) == "value015")
  assert(map:update(index(15), ("\0"):rep(8)) and map:lookup(index(15)) == ("\0"):rep(8))
  assert(map:lookup(index(16)) == nil and map:update(index(0), "value000", constants.NOEXIST) == false)
  raises("out of bounds", map.update, map, index(16), "value016")
  raises("no such operation, or flag", map.delete, map, index(0))
  raises("no such operation, or flag", map.remove, map, index(0))
  local count = 0
  for _ in map.next, map do count = count + 1 end
  assert(count == 16)
end

for _, name in ipairs { "queue", "stack" } do
  local map <close> = bpf[name]("/sys/fs/bpf/" .. name)
  local fifo = name == "queue"
  checks(map, fifo and constants.MAP_TYPE_QUEUE or constants.MAP_TYPE_STACK, 0)
  while map:pop() do end
  assert(map:peek() == nil and map:pop() == nil)
  for i = 10, 25 do assert(map:push("value0" .. i) == true) end
  assert(map:push("value026") == false)
  assert(map:push("value026", constants.EXIST) == true) -- the oldest made room
  local first = fifo and "value011" or "value026"
  assert(map:peek() == first and map:peek() == first and map:pop() == first)
  local rest = 0
  while map:pop() do rest = rest + 1 end
  assert(rest == 15)
  raises("a value of 3 bytes", map.push, map, "abc")
  raises("no such operation, or flag", map.push, map, "value000", constants.NOEXIST)
  assert(map.lookup == nil and map.update == nil and map.next == nil)
end

-- large values
do
  local map <close> = bpf.hash("/sys/fs/bpf/large")
  local value = ("large"):rep(2000)
  assert(map:update("key0", value) and map:lookup("key0") == value and map:remove("key0") == value)
end

-- what cannot be opened
for _, case in ipairs {
  { "hash", "nothing", "bpf.hash: /sys/fs/bpf/nothing: there is no such file" },
  { "hash", "array", "/sys/fs/bpf/array is a map of type array (2)" },
  { "array", "hash", "is a map of type hash (1)" },
  { "lru_hash", "hash", "is a map of type hash (1)" },
  { "hash", "lru_hash", "is a map of type lru_hash (9)" },
  { "queue", "stack", "is a map of type stack (23)" },
  { "stack", "hash", "is a map of type hash (1)" },
  { "hash", "percpu", "is a map of type percpu_hash (5)" },
  { "hash", "locked", "values with locks, timers or kernel pointers" },
  { "hash", "program", "bpf.hash: /sys/fs/bpf/program: no map is pinned there" },
  { "hash", "link", "no map is pinned there" },
  { "hash", "", "no map is pinned there" },
  { "hash", "../../kernel/uevent_helper", "/sys/fs/bpf/../../kernel/uevent_helper: " },
  { "hash", "../../../dev/null", "no map is pinned there" },
  { "hash", "a\0b", "invalid value" },
} do
  local ok, problem = pcall(bpf[case[1]], "/sys/fs/bpf/" .. case[2])
  assert(not ok and problem:find(case[3], 1, true), ("bpf.%s, %s: %s"):format(case[1], case[2], tostring(problem)))
end

-- what user space froze can be read
local frozen = bpf.array("/sys/fs/bpf/frozen")
assert(frozen:lookup("\0\0\0\0") == "constant" and frozen:info().writable == false)
raises("read-only", frozen.update, frozen, "\0\0\0\0", "variable")
raises("read-only", frozen.delete, frozen, "\0\0\0\0")
frozen:close()
raises("invalid or closed object", frozen.lookup, frozen, "\0\0\0\0")
raises("invalid or closed object", frozen.info, frozen)
raises("invalid or closed object", function() return #frozen end)
frozen:close()
local readonly <close> = bpf.hash("/sys/fs/bpf/readonly")
raises("read-only", readonly.update, readonly, "key0", "value000")
raises("invalid or closed object", readonly.lookup, bpf.queue("/sys/fs/bpf/queue"), "key0")
