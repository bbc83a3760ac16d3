# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod /modules/lunatik.ko
loaded lunatik
[ "$(stat -c %a /dev/lunatik)" = 600 ] || die "/dev/lunatik is for root only"
gives "" ""
