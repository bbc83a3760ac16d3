# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Threads run scripts, and end when they are asked to.
ip link set lo up
insmod_all lualinux luafifo luacompletion luasocket luathread
env="require('lunatik')._ENV"
# until_true EXPRESSION: it becomes true
until_true() {
  for turn in $(seq 1000); do
    evaluate "return not not ($1)" || die "$1: $answer"
    [ "$answer" = false ] || return 0
    usleep 20000
  done
  die "never true: $1"
}
# nothing_lives: no runtime, and no thread of a script's
nothing_lives() {
  evaluate "return status()"
  [ -z "$answer" ] || die "$1: what still runs: $answer"
  for turn in $(seq 1000); do
    grep -l -e ^threads/ -e ^forgotten -e ^many /proc/[0-9]*/comm > /tmp/left 2> /dev/null || return 0
    usleep 20000
  done
  die "$1: threads are left: $(cat /tmp/left)"
}

# spawned by the command, by the prompt, by a script
lunatik spawn threads/ticks --fuel 200000 || die "the command does not spawn"
evaluate "return status()"
case $answer in "threads/ticks process 1 "*" 0 spawn running") ;; *) die "the status of a spawned script is: $answer" ;; esac
gives "threads/ticks" "return list()"
pid=$(evaluate "return $env.threads['threads/ticks']:task().pid"; echo $answer)
[ "$(cat /proc/$pid/comm)" = threads/ticks ] || die "task $pid is $(cat /proc/$pid/comm)"
refuses rmmod luathread
# It goes on for longer than the fuel of one call would let it.
until_true "$env.ticks > 100"
fails "$EINVAL" "*already running*" "spawn('threads/ticks')"
fails "$EINVAL" "*has a thread*" "replace('threads/ticks')"
lunatik stop threads/ticks
gives "true	nil	" "return $env.farewell >= 100, $env.threads['threads/ticks'], list()"
nothing_lives "stop"

# who sleeps wakes up
for script in sleeper schedules; do
  gives "" "$env.woken = nil t = spawn('threads/$script')"
  until_true "$env.sleeps"
  gives "nil	nil" "t:stop() t:stop() return t:task(), $env.sleeps"
  gives "threads/$script" "return list()"
  gives "" "stop('threads/$script')"
  nothing_lives "$script"
done
gives "" "spawn('threads/sleeper')"
until_true "$env.sleeps"
gives "interrupt true" "stop('threads/sleeper') return $env.woken"

# a socket's calls may wait, too: this one spends more than its fuel, and has it anew whenever it waited for the other
gives "" "spawn('threads/hears', 'process', { fuel = 200000 }) spawn('threads/speaks')"
until_true "$env.heard and $env.heard > 50"
gives "" "stop('threads/speaks') stop('threads/hears')"
nothing_lives "hears"
logged 0 "threads/hears"

# who never sleeps has a budget, and can be stopped before
gives "" "spawn('threads/endless', 'process', { fuel = 1000000 })"
sees "threads/endless: out of fuel"
evaluate "return status()"
case $answer in "threads/endless process 1 "*" 1 spawn running") ;; *) die "its failure is not counted: $answer" ;; esac
gives "" "stop('threads/endless') $env.sleeps = nil spawn('threads/endless', 'process', { fuel = 1000000000 })"
until_true "$env.sleeps"
gives "" "stop('threads/endless')"
logged 1 "threads/endless"
gives "" "spawn('threads/raises')"
sees "threads/raises: .*raises.lua:2: on purpose"
gives "" "stop('threads/raises') spawn('hello')"
sees "hello: the script returned nothing to resume"
gives "" "stop('hello')"

# a thread that its parent forgot ends with the parent, not before
gives "" "$env.sleeps, $env.woken = nil run('threads/parent')"
until_true "$env.sleeps"
gives "nil" "return $env.woken"
gives "" "stop('threads/parent')"
until_true "$env.woken == 'interrupt true'"
nothing_lives "parent"

# nobody waits for himself
gives "" "spawn('threads/itself')"
until_true "$env.told"
gives "false thread:stop: deadlock: it is waiting for this call to end threads/itself true" "return $env.told"
gives "" "stop('threads/itself')
  local lunatik, thread = require('lunatik'), require('thread')
  for _, name in ipairs { 'one', 'two' } do
    $env['thread ' .. name] = thread.run(lunatik.runtime('threads/each_other'), name)
  end
  $env.pair = true"
until_true "$env['told one'] and $env['told two']"
evaluate "return $env['told one'] .. '; ' .. $env['told two']"
case $answer in *deadlock*) ;; *) die "two threads that stop each other: $answer" ;; esac
gives "" "$env['thread one'], $env['thread two'] = nil"
gives "" "shutdown()"

# who waits for a runtime that another keeps can be stopped
gives "" "spawn('threads/sleeper')"
until_true "$env.sleeps"
gives "" "spawn('threads/waits')"
until_true "$env.waits"
gives "threads/sleeper" "stop('threads/waits') return list()"
evaluate "return $env.waited"
case $answer in "threads/sleeper: interrupted"*) ;; *) die "its wait ended with: $answer" ;; esac
gives "" "shutdown()"
nothing_lives "shutdown"

# there is an end to threads, also of those that wait for their turn
fails "$EINVAL" "*64 threads live already*" "local thread, rt = require('thread'), require('lunatik').runtime('threads/sleeper')
  for i = 1, 100 do thread.run(rt, 'many') end"
gives "" "shutdown()"
nothing_lives "many"

gives "" "run('threads/misuse') stop('threads/misuse')"
gives "" "spawn('threads/sleeper') run('threads/in_hooks', 'softirq') stop('threads/in_hooks') stop('threads/sleeper')"
fails "$EINVAL" "*spawn does not support percpu scripts*" "spawn('threads/sleeper', 'process', true)"
fails "$EINVAL" "*spawn is for process scripts*" "spawn('threads/sleeper', 'softirq')"
fails "$EINVAL" "*there is no such file*" "spawn('threads/missing')"
gives "" "run('threads/spawns')"
gives "threads/sleeper, threads/spawns" "return list()"
gives "" "shutdown()"
for given in "'lunatik'" "'lunatik.runner'"; do
  fails "$EINVAL" "*not granted*" "run('threads/parent', 'process', { capabilities = $given })"
  fails "$EINVAL" "*not granted*" "run('threads/spawns', 'process', { capabilities = $given })"
done
nothing_lives "refused"
