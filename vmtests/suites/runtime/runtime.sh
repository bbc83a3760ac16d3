# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts run others, and share what they say.
. ../library.sh
plan 7
own=tests/runtime
stopped $own/{parent,writes,reads,reaches,delegates,echo,selfish}
entries told
afterwards "lua 'rt, t, same = nil, nil, nil' 'collectgarbage()'"
lua "lunatik = require('lunatik')"

resumes() {
  is $'1\t7\ttwo\ttrue\tnil\n2\n3\tx' lua "rt = lunatik.runtime('$own/echo')" \
    'rt:resume(7, "two", true, nil)' 'rt:resume()' 'rt:resume("x")'
  is $'ended\t3' lua 'rt:resume("end")'
  fails "*cannot resume dead coroutine*" lua 'rt:resume()'
}
point resumes "resume calls a script's function, and goes on where it yielded"

stops() {
  is 1 lua "rt = lunatik.runtime('$own/echo')" 'rt:resume()' 'rt:stop()' 'rt:stop()'
  fails "*$own/echo: stopped*" lua 'rt:resume()'
  lua "do local closed <close> = lunatik.runtime('$own/echo') rt = closed end"
  fails "*stopped*" lua 'rt:resume()'
  has "*none.lua: there is no such file*" lua "select(2, pcall(lunatik.runtime, '$own/none'))"
}
point stops "a runtime ends when it is stopped or goes out of scope"

fails_alone() {
  lua "rt = lunatik.runtime('$own/echo')"
  fails "*echo.lua:8: on purpose*" lua 'rt:resume("fail")'
  is "still here" lua '"still here"'
  has "*$own/echo process 1 * runtime running*" lua 'status()'
}
point fails_alone "an error comes out of resume with file and line, and nobody else fails"

spends() {
  lua "rt = lunatik.runtime('$own/spins', 'process', { fuel = 100000 })"
  fails "*out of fuel*" lua 'rt:resume()'
  lua "rt = lunatik.runtime('$own/spins', 'process', { memory = 500000 })"
  fails "*not enough memory*" lua 'rt:resume("memory")'
  fails "*out of range*" lua "lunatik.runtime('$own/spins', 'process', { fuel = 0 })"
}
point spends "a child spends no more fuel and memory than it was given"

shares() {
  lua 't = require("rcu").table()' "rt = lunatik.runtime('$own/echo')" '_, same = rt:resume(t)' 'same.x = "seen"'
  is "seen" lua 't.x'
  fails "*cannot share a table*" lua 'rt:resume({})'
  fails "*cannot share a function*" lua 'rt:resume(print)'
  lunatik run $own/writes
  lunatik run $own/reads softirq
  lunatik stop $own/reads
  is "by a script" lua 'lunatik._ENV.told'
  fails "*scripts can only read it*" lua 'lunatik._ENV.runtimes.x = 1'
}
point shares "runtimes share tables and _ENV, and hand over copies of all else"

grants() {
  fails "*socket: not granted*" lunatik run $own/reaches --capabilities linux
  lunatik run $own/reaches --capabilities socket
  fails "*socket: not granted*" lunatik run $own/delegates --capabilities lunatik
  lunatik run $own/delegates --capabilities lunatik,socket
  fails "*not granted*" lunatik run $own/parent --capabilities ''
}
point grants "a script has the capabilities that it is granted, and its children no others"

waits_for_nobody() {
  lunatik run $own/parent
  lua 'rt = nil' 'collectgarbage()' 'collectgarbage()' > /dev/null
  has "*$own/echo process 1 * runtime running*" lua 'status()'
  lunatik stop $own/parent
  lacks "*$own/echo *" lua 'status()'
  has $'false\t*deadlock*' lua "rt = run('$own/selfish')" 'rt:resume(rt)'
}
point waits_for_nobody "children end with their parent, and nobody waits for himself"
