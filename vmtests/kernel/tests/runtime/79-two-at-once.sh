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

# An object in a table keeps the module of its class, whoever made it.
echo "require('lunatik')._ENV.queue = require('fifo').new(64)" > /lib/modules/lua/queue_maker.lua
gives "" "run('queue_maker') stop('queue_maker')"
refuses rmmod luafifo
gives "" "require('lunatik')._ENV.queue:push('still here')"
gives "still here	10" "return require('lunatik')._ENV.queue:pop(10)"
gives "" "require('lunatik')._ENV.queue = nil"
gives "" "shutdown()"
rmmod_all luarcu lualinux luafifo
