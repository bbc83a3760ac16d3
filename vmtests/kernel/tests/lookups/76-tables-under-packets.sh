# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A table that the hooks of two CPUs and the prompt use at once.
insmod_all luarcu luadata luaskb luanetfilter
ip link set lo up
gives "" "run('rt/counter', 'softirq')"
gives "" "t = require('lunatik')._ENV.counter"
taskset 1 ping -i 0.002 -c 1000 -W 5 127.0.0.11 > /tmp/ping11 & first=$!
taskset 2 ping -i 0.002 -c 1000 -W 5 127.0.0.12 > /tmp/ping12 & second=$!
turn=0
while kill -0 $first 2> /dev/null || kill -0 $second 2> /dev/null; do
  turn=$((turn + 1))
  gives "" "for i = 1, 200 do
    local text = ('order'):rep(i)
    t.order, t.copy = text, text
    t['other' .. i % 150] = i % 3 ~= 0 and ('v'):rep(i) or nil
    for key, value in pairs { to11 = t.to11, to12 = t.to12 } do assert(math.type(value) == 'integer', key) end
  end"
  gives "" "require('rcu').map(t, function(key, value) assert(value ~= nil) t[key .. '!'] = 1 t[key .. '!'] = nil end)"
done
wait $first || die "packets were lost: $(tail -n 2 /tmp/ping11)"
wait $second || die "packets were lost: $(tail -n 2 /tmp/ping12)"
[ $turn -gt 1 ] || die "the prompt had no turn"
gives "1000	1000" "return t.to11, t.to12"
logged 0 "lunatik: rt/counter"

# the hook reads what the prompt writes
gives "" "t.order = 'drop 13'"
! ping -c 1 -W 1 127.0.0.13 > /tmp/ping || die "the hook does not see the prompt's value"
gives 1 "return t.to13"
gives "" "t.order = nil"
ping -c 1 -W 5 127.0.0.13 > /tmp/ping || die "the hook does not see that the value is gone"
gives "" "stop('rt/counter')"
gives 2 "return t.to13" # the table outlives the script
gives "" "shutdown()"
rmmod_all luarcu luadata luaskb luanetfilter
