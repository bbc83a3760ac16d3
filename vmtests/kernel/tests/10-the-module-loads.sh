# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A budget that runs out soon even where everything is slow.
insmod /modules/lunatik.ko process_fuel=20000000
[ "$(cat /sys/module/lunatik/parameters/process_fuel)" = 20000000 ] || die "budgets are parameters"
loaded lunatik
[ "$(stat -c %a /dev/lunatik)" = 600 ] || die "/dev/lunatik is for root only"
gives "" ""
