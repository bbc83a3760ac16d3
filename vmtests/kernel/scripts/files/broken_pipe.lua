-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Who writes to a pipe that nobody reads hears of it; the task that runs the script does not.
local signal, PIPE = require("signal"), require("linux.signal").PIPE
local function broken()
  local reader = assert(io.open("/tmp/pipe"))
  local writer = assert(io.open("/tmp/pipe", "w"))
  assert(writer:write("x") == writer)
  reader:close()
  local result, name, number = writer:write("x")
  assert(result == nil and name == "EPIPE" and number == 32, name)
  writer:close()
end
broken()
assert(not signal.sigpending() and not signal.sigstate(PIPE, "pending") and not signal.sigstate(PIPE))
-- What is blocked stays so, and what waits goes on waiting.
signal.sigmask(PIPE)
broken()
assert(signal.sigstate(PIPE) and not signal.sigstate(PIPE, "pending"))
signal.kill(require("thread").current():task().pid, PIPE)
broken()
assert(signal.sigstate(PIPE) and signal.sigstate(PIPE, "pending"))
