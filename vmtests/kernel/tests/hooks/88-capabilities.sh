# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script with a list of capabilities requires what is on it, and what every script may.
insmod_all luadata luaskb luanetfilter luacpu luarcu lualinux
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

# Nobody gives what he does not have.
gives "" "run('health/parent', 'process', { capabilities = 'lunatik' }) stop('health/parent')"
fails "$EINVAL" "*lunatik: not granted*" "run('health/parent', 'process', { capabilities = 'cpu' })"
gives "" "shutdown()"
rmmod_all luadata luaskb luanetfilter luacpu luarcu lualinux
