# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Two tasks, each in a runtime that resumes the other's: the second gets an error, and both go on.
insmod_all luarcu lualinux luafifo
gives "" "run('rt/left') run('rt/right')"
for side in left right; do
  printf "require('lunatik')._ENV.runtimes['rt/$side']:resume()" > /tmp/$side
  dd if=/tmp/$side bs=1M of=/dev/lunatik 2> /dev/null & eval "$side=$!"
done
wait $left || die "the left one failed"
wait $right || die "the right one failed"
evaluate "local env = require('lunatik')._ENV return env['rt/left'] .. ', ' .. env['rt/right']" || die "$answer"
case $answer in
  *"false rt/left: deadlock: it is waiting for this call to end"*|*"false rt/right: deadlock: it is waiting for this call to end"*) ;;
  *) die "nobody was told of the deadlock: $answer" ;;
esac
gives "" "stop('rt/left') stop('rt/right')"

# Chunks that end soon take turns: what one has set is there for the next of the same hand.
printf 'local sum = 0 for i = 1, 50000 do sum = sum + i end' > /tmp/other
(while [ ! -e /tmp/enough ]; do dd if=/tmp/other bs=1M of=/dev/lunatik 2> /dev/null || exit; done) & others=$!
for turn in $(seq 40); do
  gives "" "mine = $turn"
  gives "$turn" "return mine"
done
: > /tmp/enough
wait $others || die "a chunk of the others failed"

# A chunk that waits has its state to itself, however many others come meanwhile.
env="require('lunatik')._ENV"
printf "mine = 'first' $env.waits = true repeat require('linux').schedule(10) until $env.go $env.mine = mine" > /tmp/first
dd if=/tmp/first bs=1M of=/dev/lunatik 2> /dev/null & first=$!
for turn in $(seq 1000); do
  evaluate "return $env.waits" || die "$answer"
  [ "$answer" = nil ] || break
  usleep 20000
done
for turn in 1 2 3; do gives nil "local before = mine mine = 'other' return before"; done
gives "" "$env.go = true"
wait $first || die "the first of several failed"
gives first "return $env.mine"

# An object in a table keeps the module of its class, whoever made it.
echo "require('lunatik')._ENV.queue = require('fifo').new(64)" > /lib/modules/lua/queue_maker.lua
gives "" "run('queue_maker') stop('queue_maker')"
refuses rmmod luafifo
# So does who has a method of it, though the object is gone.
echo "push = require('lunatik')._ENV.queue.push collectgarbage()" > /lib/modules/lua/queue_taker.lua
gives "" "run('queue_taker')"
gives "" "require('lunatik')._ENV.queue = nil"
refuses rmmod luafifo
gives "" "stop('queue_taker')"
rmmod_all luafifo
insmod /modules/luafifo.ko
gives "" "run('queue_maker') stop('queue_maker')"
gives "" "require('lunatik')._ENV.queue:push('still here')"
gives "still here	10" "return require('lunatik')._ENV.queue:pop(10)"
gives "" "require('lunatik')._ENV.queue = nil"
gives "" "shutdown()"
rmmod_all luarcu lualinux luafifo
