# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A body runs once for each CPU, and must attach the same there each time: else packets that come in on one CPU would
# meet a function that is for others.
insmod_all luadata luaskb luanetfilter luatimer luarcu luaxdp luanotifier luaprobe luahid
env="require('lunatik')._ENV"
gives "" "$env.loads = require('rcu').table()"
# alike CONTEXT FIRST SECOND: a script runs that does FIRST in one CPU's state and SECOND in the other's
script() {
  cat > /lib/modules/lua/differs.lua <<END
local loads = require("lunatik")._ENV.loads
loads.n = (loads.n or 0) + 1
local function accept() return 1 end
local function at(place) place.hook, place.pf = accept, place.pf or 2; require("netfilter").register(place) end
if loads.n == 1 then $2 else $3 end
END
  gives "" "$env.loads.n = nil"
}
alike() { script "$@"; gives "" "run('differs', '$1') stop('differs')"; }
# Whichever of the two is first.
unlike() {
  script "$@"
  fails "$EINVAL" "*registers other hooks, or in another order, on one CPU than on another*" "run('differs', '$1')"
  script "$1" "$3" "$2"
  fails "$EINVAL" "*registers other hooks, or in another order, on one CPU than on another*" "run('differs', '$1')"
}
here='at { hooknum = 1, priority = 7, mark = 5, fail = 0 }'
alike softirq "$here" "$here"
unlike softirq "$here" 'at { hooknum = 2, priority = 7, mark = 5, fail = 0 }'
unlike softirq "$here" 'at { hooknum = 1, priority = 8, mark = 5, fail = 0 }'
unlike softirq "$here" 'at { hooknum = 1, priority = 7, mark = 6, fail = 0 }'
unlike softirq "$here" 'at { hooknum = 1, priority = 7, mark = 5 }'
unlike softirq "$here" 'at { hooknum = 1, priority = 7, mark = 5, fail = 0, pf = 1 }'
unlike softirq "$here" 'at { hooknum = 1, priority = 7, mark = 5, fail = 0, track = true }'
unlike softirq 'at { hooknum = 0, pf = 5, dev = "lo" }' 'at { hooknum = 1, pf = 5, dev = "lo" }'
other='at { hooknum = 3, priority = 7 }'
alike softirq "$here $other" "$here $other"
unlike softirq "$here $other" "$other $here"
unlike softirq "$here $other" "$here"
unlike softirq "$here" ''
unlike softirq "$here" 'pcall(at, { hooknum = 4 })'
unlike softirq "$here" 'require("timer.alarm").new(print)'
alike softirq 'require("timer.alarm").new(print)' 'require("timer.alarm").new(accept)'
unlike softirq 'require("xdp").attach(accept, { fail = 1 })' 'require("xdp").attach(accept, { fail = 2 })'
alike softirq 'require("xdp").attach(accept, { fail = 1 })' 'require("xdp").attach(accept, { fail = 1 })'
unlike hardirq 'require("notifier").keyboard(accept)' 'require("notifier").vterm(accept)'
probe() { echo "require('probe').new('$1', { $2 = accept })"; }
alike hardirq "$(probe ksys_sync pre)" "$(probe ksys_sync pre)"
unlike hardirq "$(probe ksys_sync pre)" "$(probe ksys_sync post)"
unlike hardirq "$(probe ksys_sync pre)" "$(probe vfs_fsync pre)"
hid() { echo "require('hid').register { name = '$1', id_table = { $2 }, remove = accept }"; }
alike softirq "$(hid a '{ bus = 3 }')" "$(hid a '{ bus = 3 }')"
unlike softirq "$(hid a '{ bus = 3 }')" "$(hid b '{ bus = 3 }')"
gives "" "return list()"
gives "" "$env.loads = nil shutdown()"
rmmod_all luadata luaskb luanetfilter luatimer luarcu luaxdp luanotifier luaprobe luahid
