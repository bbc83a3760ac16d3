# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script with a list of capabilities requires what is on it, and what every script may.
insmod_all $bindings
fails "$EINVAL" "*netfilter: not granted: list it in the policy's capabilities*" "run('health/still', 'softirq', { capabilities = '' })"
fails "$EINVAL" "*netfilter: not granted*" "run('health/still', 'softirq', { capabilities = 'xdp,linux.lookup,netfilte' })"
gives "" "run('health/still', 'softirq', { capabilities = 'xdp,netfilter' })"
evaluate "return statistics()" || die "$answer"
case $answer in *'"capabilities":["xdp","netfilter"]'*) ;; *) die "expected the capabilities in: $answer" ;; esac
gives "" "stop('health/still')"
gives "" "run('health/still', 'softirq') stop('health/still')"
fails "$EINVAL" "*option 'capabilities' is a string*" "run('health/still', 'softirq', { capabilities = {} })"

# Functions of a module that everybody may require.
echo "local l = require('linux') l.time() l.lookup('jiffies')" > /lib/modules/lua/looks.lua
fails "$EINVAL" "*linux.lookup: not granted*" "run('looks', 'process', { capabilities = 'linux' })"
gives "" "run('looks', 'process', { capabilities = 'linux.lookup' }) stop('looks')"
gives "" "run('looks') stop('looks')"
echo "require('linux').tracing()" > /lib/modules/lua/traces.lua
fails "$EINVAL" "*linux.tracing: not granted*" "run('traces', 'process', { capabilities = '' })"

# Each module that is to be granted, and each that everybody has; what a library in Lua needs, its users need.
for module in bpf conntrack cpu cpufreq crypto darken device hid.driver io lunatik lunatik.runner netfilter netlink.channel notifier probe signal \
  socket syscall thread xdp xtables bpf.map crypto.hkdf hid netlink.conntrack netlink.rt nflua socket.inet; do
  echo "require('$module')" > /lib/modules/lua/wants.lua
  fails "$EINVAL" "*: not granted: list it in the policy's capabilities*" "run('wants', 'process', { capabilities = 'none.of.them' })"
done
for module in byteorder completion data fifo linux lpm packet rcu set skb timer.alarm mailbox class struct util net netlink.message; do
  echo "require('$module')" > /lib/modules/lua/wants.lua
  gives "" "run('wants', 'softirq', { capabilities = '' }) stop('wants')"
done
echo "require('timer').create(0, function() print('goes off') end)" > /lib/modules/lua/wants.lua
gives "" "run('wants', 'softirq', { capabilities = '' })"
sees "wants: goes off"
gives "" "stop('wants')"

# Nobody gives what he does not have.
gives "" "run('health/parent', 'process', { capabilities = 'lunatik' }) stop('health/parent')"
fails "$EINVAL" "*lunatik: not granted*" "run('health/parent', 'process', { capabilities = 'cpu' })"
gives "" "shutdown()"
