# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Bytes that a script gives to others are one for all, in whichever context; those of packets stay with their packets.
insmod_all luarcu luadata luapacket luaset luaskb luanetfilter
env="require('lunatik')._ENV"
ip link set lo up
gives "" "run('shared/bytes', 'process', { memory = 25000000, load_fuel = 100000000 }) stop('shared/bytes')"
refuses rmmod luadata
gives "" "run('shared/writer')"
for mask in 1 2; do taskset $mask ping -c 100 -i 0.01 127.0.0.1 > /tmp/pings$mask & done
for turn in $(seq 20); do gives $((turn * 2000)) "return $env.runtimes['shared/writer']:resume(2000)"; done
wait
gives "true	nil" "return $env.seen > 100, $env.torn"
evaluate "return $env.window_says, $env.copy_says"
case $answer in *"cannot share SINGLE object"*"cannot share SINGLE object"*) ;; *) die "a packet's bytes were shared: $answer" ;; esac
# What cannot be had leaves nothing, and the parameter says how much there is.
echo 10 > /sys/module/luadata/parameters/memory
fails "$EINVAL" "*not enough memory: luadata's parameter 'memory'*" "$env.more = require('data').new(11)"
gives "10	nil" "return #require('data').new(10), $env.more"
echo 16777216 > /sys/module/luadata/parameters/memory
gives "" "stop('shared/writer') $env.hook:stop() $env.hook, $env.bytes = nil, nil"
logged 0 "BUG"
