# SPDX-License-Identifier: MIT OR GPL-2.0-only
evaluate "run('requires', 'softirq')" || die "$answer"
logged 1 "lunatik: requires: library says 42"
evaluate "stop('requires')" || die "$answer"
fails "$EINVAL" "*nothing.of.the.kind*" "require('nothing.of.the.kind')"

# Files require files; the last has tables in tables in functions, and compiles as deep down as it would alone.
lua=/lib/modules/lua
for n in 1 2 3 4 5 6; do echo "return require('deep$((n + 1))')" > $lua/deep$n.lua; done
echo "return { { f = function() return { { f = function() return (((((6 * 7))))) end } } end } }" > $lua/deep7.lua
gives 42 "return require('deep1')[1].f()[1].f()"
