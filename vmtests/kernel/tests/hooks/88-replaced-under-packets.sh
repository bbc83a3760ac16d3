# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script gives its place to another version of itself: at no time is there none.
insmod_all luadata luaskb luanetfilter
ip link set lo up
version() {
  echo "require('netfilter').register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
    local packet = skb:data()
    return packet[9] == 1 and (packet[19] == 2 or packet[19] == $1) and 0 or 1
  end } print('version $1')" > /lib/modules/lua/versions.lua
}
answers() { ping -c 1 -W 5 "127.0.0.$1" > /tmp/ping 2>&1 || die "127.0.0.$1: expected an answer"; }
silent() { ! ping -c 1 -W 1 "127.0.0.$1" > /tmp/ping 2>&1 || die "127.0.0.$1: expected silence"; }

version 3
fails "$EINVAL" "*versions: not running*" "replace('versions', 'softirq')"
gives "" "run('versions', 'softirq')"
silent 3
version 4
# Each version drops these, so none may ever pass.
ping -i 0.01 -c 500 -W 2 127.0.0.2 > /tmp/blocked & blocked=$!
ping -i 0.01 -c 500 -W 5 127.0.0.1 > /tmp/allowed & allowed=$!
for turn in $(seq 30); do gives "" "replace('versions', 'softirq')"; done
wait $allowed || die "packets were lost while scripts were replaced: $(tail -n 2 /tmp/allowed)"
! wait $blocked || die "packets passed while scripts were replaced: $(tail -n 2 /tmp/blocked)"
answers 3
silent 4
gives "versions" "return list()"
evaluate "return status()" || die "$answer"
[ "$(echo "$answer" | wc -l)" = 1 ] || die "what was replaced still lives: $answer"

# A version that does not load changes nothing.
echo "error('on purpose')" > /lib/modules/lua/versions.lua
fails "$EINVAL" "*versions.lua:1: on purpose*" "replace('versions', 'softirq')"
silent 4
gives true "return require('lunatik')._ENV.runtimes.versions ~= nil"
version 5
gives true "r = replace('versions', 'softirq', true) return require('lunatik')._ENV.percpu.versions ~= nil"
silent 5
gives "" "r:stop()"
gives "" "return list()"
gives "nil	nil" "local e = require('lunatik')._ENV return e.runtimes.versions, e.percpu.versions"
gives "" "shutdown()"
rmmod_all luadata luaskb luanetfilter
