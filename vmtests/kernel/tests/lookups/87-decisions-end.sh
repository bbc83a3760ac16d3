# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a script decided for flows ends with the script.
. /decisions.sh
insmod_all luadata luaskb luanetfilter
for script in first passed; do gives "" "run('$script', 'softirq')"; done

# What a script decided ends with it, and is not taken for what another decides with its bits.
asked=$(count "first asked 1001") passed=$(count "passed 1001")
flow accepted 10.9.0.1 1001
flow dropped 10.9.0.1 1002
flow third 10.9.0.1 1000
send accepted 2
send dropped 3
awaits $((passed + 2)) "passed 1001$"
logged $((asked + 1)) "first asked 1001$"
gives "" "stop('first')"
passed=$(count "passed 1002")
send dropped 1
awaits $((passed + 1)) "passed 1002$"
gives "" "run('other', 'softirq')"
other=$(count "other asked 1000")
send third 2
awaits $((other + 1)) "other asked 1000$"
other=$(count "other asked 1002") passed=$(count "passed 1002")
send dropped 2
awaits $((passed + 2)) "passed 1002$"
awaits $((other + 2)) "other asked 1002$"
gives "" "stop('other')"
gives "" "run('first', 'softirq')"
asked=$(count "first asked 1001")
send accepted 2
awaits $((asked + 1)) "first asked 1001$"
for name in accepted dropped third; do ends $name; done
wait
gives "" "stop('first')"

# Scripts come and go under traffic, on both CPUs: none of it is lost.
echo 'require("netfilter").register { pf = 1, hooknum = 2, track = true, hook = function(skb) return skb:decide(1) end }' > $lua/quiet.lua
gives "" "stop('passed')"
before=$(arrived)
for port in 3001 3002; do
  at left bash -c "exec 3<> /dev/udp/10.9.0.1/$port; for n in {1..2000}; do echo \$n >&3; done" &
  senders="${senders-} $!"
done
mkdir -p /tmp/www && dd if=/dev/zero of=/tmp/www/file bs=1M count=1 2> /dev/null
at right httpd -p 3003 -h /tmp/www
for turn in $(seq 10); do
  gives "" "run('quiet', 'softirq')"
  at left wget -q -O /tmp/file http://10.2.0.2:3003/file & fetching=$!
  gives "" "stop('quiet')"
  wait $fetching || die "a download was lost while scripts came and went"
done
wait $senders || die "a sender failed"
arrive 4000

rmmod_all luadata luaskb luanetfilter
