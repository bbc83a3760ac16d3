# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The module that 4.4 has its device in can be loaded by its name, stands on ours, and goes.
insmod /modules/lunatik_run.ko
[ "$(cat /sys/module/lunatik_run/refcnt)" = 0 ] || die "something uses lunatik_run"
refuses rmmod lunatik
gives 2 "return 1 + 1"
rmmod lunatik_run
! loaded lunatik_run || die "lunatik_run stays"
