# SPDX-License-Identifier: MIT OR GPL-2.0-only
evaluate "run('hello', 'softirq')" || die "$answer"
refuses rmmod lunatik
loaded lunatik || die "a running script keeps its module"
evaluate "stop('hello')" || die "$answer"
exec 4<> /dev/lunatik
refuses rmmod lunatik
exec 4>&-
rmmod lunatik
! loaded lunatik || die "nothing holds the module any more"
[ ! -e /dev/lunatik ] || die "the device is gone with the module"
insmod /modules/lunatik.ko
gives 2 "return 1 + 1"
rmmod lunatik
logged 0 "leaked"
