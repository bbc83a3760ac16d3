# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What leaves around another packet has no link-layer header of its own yet: it has none to show, and is not forwarded.
# The flavour `debug` has no WireGuard.
[ -e /modules/wireguard.ko ] || exit 0
. /network.sh
insmod_all libchacha chacha_x86_64 poly1305_x86_64 libchacha20poly1305 libcurve25519_generic curve25519_x86_64 \
  libcurve25519 udp_tunnel ip6_udp_tunnel wireguard luadata lualinux luapacket luaskb luanetfilter
# joins END PEER [at NAMESPACE]: an end of the tunnel
joins() {
  own=$1 peer=$2
  shift 2
  "$@" /usr/bin/ip link add tunnel type wireguard
  "$@" wg set tunnel listen-port 51820 private-key /tmp/key.$own peer $(wg pubkey < /tmp/key.$peer) \
    allowed-ips 10.8.0.$peer/32 endpoint 10.1.0.$peer:51820
  "$@" ip address add 10.8.0.$own/24 dev tunnel
  "$@" ip link set tunnel up
}
for end in 1 2; do wg genkey > /tmp/key.$end; done
at_exit 'ip link delete tunnel'
joins 1 2 env
joins 2 1 at left
cat > /lib/modules/lua/around.lua << 'END'
-- Tries both with what goes to the tunnel's other end.
local netfilter = require("netfilter")
for _, point in ipairs { 3, 4 } do -- LOCAL_OUT, POST_ROUTING
  netfilter.register { pf = 2, hooknum = point, priority = 0, hook = function(skb)
    local protocol, _, port = skb:ports()
    if protocol == 17 and port == 51820 then
      print(point, (pcall(skb.data, skb, "mac")), (pcall(skb.forward, skb)))
    end
    return 1
  end }
end
END
gives "" "run('around', 'softirq')"
ping -c 3 -i 0.1 -W 5 10.8.0.2 > /tmp/ping || die "no answer through the tunnel: $(cat /tmp/ping)"
for point in 3 4; do sees "around: $point.false.false" 3; done
logged 0 "around: .*true"
gives "" "stop('around')"
