# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts in tasks read and write files, and wait for none.
insmod_all luaio luacompletion luathread luasignal
mkfifo /tmp/pipe
head -c 8388608 /dev/zero > /tmp/large
at_exit 'rm -f /tmp/pipe /tmp/io /tmp/large /tmp/many'
gives "" "run('files/test')"
refuses rmmod luaio
gives "" "stop('files/test')"
for context in softirq hardirq; do gives "" "run('files/in_hooks', '$context') stop('files/in_hooks')"; done
gives "" "run('files/broken_pipe') stop('files/broken_pipe')"
# Nor does the task hear of a file that may not be longer.
(
  ulimit -f 1
  gives "EFBIG" "local f <close> = io.open('/tmp/io', 'w') f:write(('x'):rep(512))
    return (select(2, f:write('x')))"
) || die "a bound of the task's files is the task's end"
# What was opened is closed with the state.
gives "" "held = io.open('/tmp/io', 'w') held:write('kept')"
gives "" "shutdown()"
[ "$(cat /tmp/io)" = kept ] || die "the file has '$(cat /tmp/io)'"
fails "$EINVAL" "*io: not granted*" "run('files/test', 'process', { capabilities = 'lunatik' })"
fails "$ETIME" "*out of fuel*" "run('files/greedy', 'process', { load_fuel = 100000 })"
# What a script has closed is gone, also while it goes on.
gives "true" "local function open() return tonumber(io.lines('/proc/sys/fs/file-nr')():match('%d+')) end
  local before = open()
  for turn = 1, 3000 do local f = io.open('/proc/version') f:read(1) f:close() end
  return open() < before + 1000"
gives "Linux" "return io.lines('/proc/version')():match('%a+')"
logged 0 "BUG"
logged 0 "WARNING"
