# SPDX-License-Identifier: MIT OR GPL-2.0-only
# For tests of rules: iptables, legacy and nft, and Lua in both; what they leave goes when the test ends.
insmod_all x_tables xt_tcpudp ip_tables iptable_filter iptable_mangle ip6_tables ip6table_filter ipt_REJECT ip6t_REJECT nft_compat
insmod_all luadata luatimer luaxtables
export XTABLES_LOCKFILE=/tmp/xtables.lock
flush_rules() { for form in legacy nft; do iptables-$form -F; iptables-$form -t mangle -F; ip6tables-$form -F; done; }
at_exit flush_rules

# passes SERVER NAME, lost SERVER NAME: a client's line with a name reaches the server and is answered, or not
passes() { echo "Host:$2" | connects "$1" 80; }
lost() { seconds=1; if passes "$@"; then seconds=5; return 1; fi; seconds=5; }
