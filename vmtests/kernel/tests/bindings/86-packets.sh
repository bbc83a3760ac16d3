# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luadata luabyteorder luaskb luanetfilter
ip link set lo up
answers() { ping -c 1 -W 5 "127.0.0.$1" > /tmp/ping 2>&1; }
silent() { ! ping -c 1 -W 1 "127.0.0.$1" > /tmp/ping 2>&1 || die "case $1: expected silence"; }

fails "$EINVAL" "*context mismatch*" "run('filter', 'process')"
fails "$EINVAL" "*hooknum 99 does not exist*" "run('badhook', 'softirq')"

# what the kernel would warn about is refused: ARP is not configured, BROUTING has no list
echo "require('netfilter').register { pf = 3, hooknum = 0, hook = print }" > /lib/modules/lua/arp.lua
fails "$EINVAL" "*pf 3 is none of*" "run('arp', 'softirq')"
echo "require('netfilter').register { pf = 7, hooknum = 5, hook = print }" > /lib/modules/lua/brouting.lua
fails "$EINVAL" "*hooknum 5 does not exist*" "run('brouting', 'softirq')"

gives "" "run('filter', 'softirq')"
answers 1 || die "an accepted packet is lost"
silent 2
# a function that fails accepts, unless the script says otherwise
for case in 3 4 5 9 12 13; do answers $case || die "case $case: expected the fail verdict accept"; done
evaluate "return status()"
case $answer in *" 6 run running") ;; *) die "6 packets failed, and the status is: $answer" ;; esac
answers 6 || die "case 6"
answers 7 || die "a script saw a packet that was gone"
answers 8 || die "the length in the header differs from the packet's"
answers 11 || die "stop does not accept"
answers 10 || die "the checksum of a good header is not 0"
for case in 14 15 16; do answers $case || die "case $case: copies of packets"; done
for case in 18 19; do answers $case || die "case $case: checksums"; done
# copies count towards the memory limit: the script fails, and goes on
answers 17 || die "case 17: expected the fail verdict accept"
answers 1 || die "a script whose memory was full does not recover"
refuses rmmod luanetfilter
gives "" "stop('filter')"
answers 2 || die "a stopped script still filters"

gives "" "run('filter', 'softirq', { fail = 'drop' })"
for case in 2 3 4 5 9 12 13 17; do silent $case; done
answers 1 || die "an accepted packet is lost"
gives "" "stop('filter')"

# a copy weighs what it takes, however large the packet was before
cat > /lib/modules/lua/heavy.lua <<'END'
-- Keeps 300 copies of one that was larger for a moment.
local keep = {}
require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
  if skb:data()[19] ~= 55 then return 1 end
  local large, length = skb:copy(), #skb
  large:resize(65535)
  large:resize(length)
  for i = 1, 300 do keep[i] = large:copy() end
  print("kept " .. #keep)
  return 1
end }
END
available() { awk '/^MemAvailable:/ { print $2 }' /proc/meminfo; }
gives "" "run('heavy', 'softirq', { fuel = 100000 })"
before=$(available)
answers 55 || die "a packet of which there are copies is lost"
sees "heavy: kept 300"
[ $((before - $(available))) -lt 16384 ] || die "copies of 100 bytes take $((before - $(available))) KiB"
gives "" "stop('heavy')"

# run and stop under packets
ping -i 0.01 -c 200 -W 5 127.0.0.1 > /tmp/ping & pinging=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do
  gives "" "run('filter', 'softirq')"
  gives "" "stop('filter')"
done
wait $pinging || die "packets were lost while scripts came and went: $(tail -n 2 /tmp/ping)"

rmmod_all luadata luabyteorder luaskb luanetfilter
