# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Tables that outlast their script: the next that runs under its name has them, and no other.
insmod_all luarcu
scripts=/lib/modules/lua
cat > $scripts/keeper.lua <<'END'
local kept = require("rcu").lasting("kept", 8)
kept.bodies = (kept.bodies or 0) + 1
END
sed 's/bodies/others/g' $scripts/keeper.lua > $scripts/stranger.lua
shows() {
  answer=$(lunatik tables show | sed '1d; s/  */ /g')
  [ "$answer" = "$1" ] || die "expected the tables '$1', got '$answer'"
}
says() {
  pattern=$1; shift
  ! "$@" > /tmp/words 2>&1 || die "expected to fail: $*"
  case $(cat /tmp/words) in $pattern) ;; *) die "$*: expected '$pattern', got '$(cat /tmp/words)'" ;; esac
}
cpus=$(grep -c ^processor /proc/cpuinfo)
kept="require('lunatik')._ENV.lasting.keeper.kept"

# Each CPU's body has the one table, and so have those that run later, in the script's place or after it.
shows ""
gives "" "run('keeper', 'softirq')"
gives $cpus "return $kept.bodies"
gives "" "stop('keeper')"
gives $cpus "return $kept.bodies"
gives "" "run('keeper', 'hardirq')"
gives "" "replace('keeper', 'softirq')"
gives $((3 * cpus)) "return $kept.bodies"
gives "" "run('stranger', 'process')"
shows "keeper kept 1
stranger kept 1"
gives "nil	1" "return $kept.others, require('lunatik')._ENV.lasting.stranger.kept.others"

# What is in them is the scripts' and whoever may see all; the tables of tables are lunatik's own.
gives 7 "$kept.bodies = 7 return $kept.bodies"
fails "$EINVAL" "*own entry*" "require('lunatik')._ENV.lasting.mine = 1"
fails "$EINVAL" "*own entry*" "require('lunatik')._ENV.lasting.keeper.mine = 1"
fails "$EINVAL" "*own entry*" "require('lunatik')._ENV.lasting = 1"

# Who does not need them says so; the script that runs has its table until it ends.
lunatik tables forget keeper
shows "stranger kept 1"
says "*keeper has no tables*lunatik tables show*" lunatik tables forget keeper
gives "" "stop('keeper') run('keeper', 'softirq')"
gives $cpus "return $kept.bodies"
gives "" "stop('keeper') stop('stranger')"
lunatik tables forget stranger

# There are so many at most, with names that are keys.
cat > $scripts/hoarder.lua <<'END'
local rcu = require("rcu")
for number = 1, 16 do rcu.lasting("table" .. number) end
rcu.lasting("table16")
assert(not pcall(rcu.lasting, ("n"):rep(256)))
rcu.lasting("one more")
END
fails "$EINVAL" "*a script has 16 such tables at most*" "run('hoarder', 'softirq')"
[ "$(lunatik tables show | grep -c '^hoarder ')" = 16 ] || die "$(lunatik tables show)"
gives "true	false" "return forget('hoarder'), forget('hoarder')"

# A name that is more than a word is shown as Lua writes it, and hides no other's.
gives "" "lasting('odd', 'a\\tb') lasting('odd', '1\\nkeeper\\tkept\\t9') lasting('odd', 'plain')"
shows 'keeper kept 1
odd "1\010keeper\009kept\0099" 0
odd "a\009b" 0
odd plain 0'
gives true "return forget('odd')"

# As text they go to a file and come back, whatever is in them.
gives "" "local t = lasting('keeper', 'kept')
  local all = {} for byte = 0, 255 do all[#all + 1] = string.char(byte) end
  t[table.concat(all, nil, 1, 255)] = table.concat(all)
  t.no, t.yes, t.least, t[''] = false, true, math.mininteger, ''
  for number = 1, 3000 do t[number] = ('text %d \"\\\\\n'):format(number):rep(8) end
  t.object = require('rcu').table()"
lunatik tables dump keeper kept > /tmp/table
[ "$(wc -l < /tmp/table)" = 3006 ] || die "of 3006 entries there are $(wc -l < /tmp/table)"
grep -qx '"least"	-9223372036854775808' /tmp/table || die "who reads that? $(grep -e -9223372036854775808 /tmp/table)"
[ "$(wc -c < /tmp/table)" -gt 400000 ] || die "so few bytes are no test of portions: $(wc -c < /tmp/table)"
lunatik tables forget keeper
lunatik tables restore keeper kept < /tmp/table
shows "keeper kept 3006"
lunatik tables dump keeper kept > /tmp/again
cmp /tmp/table /tmp/again || die "another table comes back"
gives "true" "local t, all = $kept, {}
  for byte = 0, 255 do all[#all + 1] = string.char(byte) end
  assert(t[table.concat(all, nil, 1, 255)] == table.concat(all) and t[''] == '' and t.no == false and t.yes == true)
  assert(t.least == math.mininteger and t[3000] == ('text 3000 \"\\\\\n'):rep(8) and t.bodies == $cpus)
  return true"
{ cat /tmp/table; echo 'stop("x")'; } > /tmp/wrong
gives "" "$kept.yes = false"
says "*line 3007:*is no entry*" lunatik tables restore keeper kept < /tmp/wrong
gives false "return $kept.yes"
says "*keeper has no table other*lunatik tables show*" lunatik tables dump keeper other

# A hundred times, and nothing is left; not in the end, either.
for turn in $(seq 100); do
  gives "" "run('keeper', 'softirq') stop('keeper')"
  lunatik tables forget keeper
done
shows ""
gives "" "run('keeper', 'softirq') shutdown()"
shows ""
# Who asked has the module.
gives "" "shutdown()"
rmmod_all luarcu
