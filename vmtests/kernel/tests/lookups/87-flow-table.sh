# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The flow table takes flows past the hook. One that it has before the script decided is lost to
# the script; a rule that waits for the script's mark loses none.
. /decisions.sh
insmod_all luadata luaskb luanetfilter nf_flow_table nf_flow_table_inet nft_flow_offload

cat > $lua/marks.lua <<END
local asked = require("netfilter").register { pf = 1, hooknum = 2, track = true, hook = function(skb)
  local n = skb:connmark()
  print("marks asked")
  if n == 2 then
    skb:connmark(7)
    return skb:decide(1)
  end
  skb:connmark(n + 1)
  return 1
end }
END
offload() {
  nft flush ruleset
  nft -f - <<END
table inet quick {
  flowtable fast {
    hook ingress priority 0
    devices = { left, right }
  }
  chain forward {
    type filter hook forward priority $1
    $2 flow add @fast
  }
}
END
}
for address in 10.9.0.1 fd00:9::1; do
  gives "" "run('first', 'softirq')"
  offload -10 "udp dport 1000-2000"
  asked=$(count "first asked 1003") before=$(arrived)
  flow new $address 1003; send new 5; ends new
  wait
  arrive 5
  logged $((asked + 2)) "first asked 1003$"
  # The second packet is dropped, when the flow is past the hook already.
  before=$(arrived)
  flow new $address 1002; send new 5; ends new
  wait
  arrive 4
  gives "" "stop('first')"

  gives "" "run('marks', 'softirq')"
  offload 10 "ct mark 7"
  asked=$(count "marks asked") before=$(arrived)
  flow new $address 1000; send new 5
  arrive 5
  logged $((asked + 3)) "marks asked"
  conntrack -L -p udp $([ $address = 10.9.0.1 ] || echo -f ipv6) 2> /dev/null | grep "dport=1000 .*OFFLOAD" > /dev/null || die "the flow is not offloaded"
  ends new
  wait
  gives "" "stop('marks')"
done
nft flush ruleset
rmmod_all nf_flow_table nf_flow_table_inet nft_flow_offload
rmmod_all luadata luaskb luanetfilter
