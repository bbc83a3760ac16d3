# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a script runs for itself goes with it, if its finalizers say so; whoever stops whom, nobody waits for himself.
insmod_all luarcu luadata luaskb luanetfilter
env="require('lunatik')._ENV"
ip link set lo up
gives "" "run('rt/controls')"
ping -c 2 -i 0.1 127.0.0.1 > /tmp/ping
gives "true	rt/counts, rt/controls" "return $env.counted > 0, list()"
gives "" "stop('rt/controls') return list()"
gives "false rt/nobody: not running" "return $env.says"
fails "$EINVAL" "*rt/child: stopped*" "$env.own_child:resume()"
gives "" "$env.own_child = nil return status()"
gives "" "$env.counted = nil"
ping -c 2 -i 0.1 127.0.0.1 > /tmp/ping
gives nil "return $env.counted"

# One stops the next, in a chain or in a circle.
for n in 1 2 3 4 5 6 7 8 9; do ln -s /lib/modules/lua/rt/links.lua /lib/modules/lua/links$n.lua; done
chain() {
  gives "" "$env.order = ''"
  for n in 1 2 3 4 5 6 7 8; do gives "" "$env.this, $env.next = $n, 'links$((n + 1))' run('links$n')"; done
  gives "" "$env.this, $env.next = 9, $1 run('links9')"
}
chain nil
gives "1 2 3 4 5 6 7 8 9 	" "stop('links1') return $env.order, list()"
chain "'links1'"
gives "4 5 6 7 8 9 1 2 3 	" "stop('links4') return $env.order, list()"
# One stops another, whose finalizer stops the first, which cannot be: it goes on.
gives "" "$env.order, $env.this, $env.next = '', 1, nil run('links1')"
gives "" "$env.this, $env.next = 2, 'links1' run('links2')"
gives "stopped	2 	links1" "return $env.runtimes.links1:resume('links2'), $env.order, list()"
logged 1 "links1: deadlock"
# A script that does not load stops others, too.
cat > /lib/modules/lua/fails.lua <<'END'
sentinel = setmetatable({}, { __gc = function() require("lunatik.runner").stop("links1") end })
local runner = require("lunatik.runner")
error("on purpose")
END
fails "$EINVAL" "*on purpose*" "run('fails')"
gives "" "return list()"
# All of them at once.
chain "'links1'"
gives "" "shutdown()"
gives "" "return list()"
rm /lib/modules/lua/links?.lua /lib/modules/lua/fails.lua
logged 0 "BUG"
