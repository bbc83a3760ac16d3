# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Functions that not every context may call are refused in the others, as tools/author/src/check/contexts.list has it.
insmod_all $bindings
{
  echo 'local rows = {}'
  grep -v '^#' /contexts.list | while read -r context module call; do
    case $call in '('*) call="m$call" ;; *) call="m.$call" ;; esac
    echo "do local m = require('$module') rows[#rows + 1] = { '$context', [[$module: $call]], function() return $call end } end"
  done
  echo 'return rows'
} > /lib/modules/lua/contexts/rows.lua
[ "$(grep -c '^do ' /lib/modules/lua/contexts/rows.lua)" -gt 50 ] || die "there are few rows"
for context in process softirq hardirq; do
  cat > /lib/modules/lua/contexts/$context.lua <<END
local rows, check = require("contexts.rows"), require("contexts.agree")
check(rows, "$context", true)
END
done
# A function of a timer's is called as hooks are.
cat >> /lib/modules/lua/contexts/softirq.lua <<END
require("timer").create(0, function()
  local ok, message = pcall(check, rows, "softirq", false)
  print("contexts in a hook: " .. (ok and "alike" or message))
end)
END
gives "" "run('contexts/hardirq', 'hardirq') stop('contexts/hardirq')"
# Rules want one state for all CPUs, and refuse more.
echo 'print(pcall(require("xtables").attach, print))' > /lib/modules/lua/contexts/several.lua
gives "" "run('contexts/several', 'softirq') stop('contexts/several')"
awaits 1 "contexts/several: false.*context mismatch: rules need one state"
# The last row stops all that runs, but for this script itself.
gives "" "run('contexts/empty', 'softirq')"
gives "" "run('contexts/process', 'process')"
gives "contexts/process" "return list()"
gives "" "stop('contexts/process')"
gives "" "run('contexts/softirq', 'softirq', { fuel = 1000000, single = true })"
sees "contexts in a hook: "
sees "contexts in a hook: alike"
