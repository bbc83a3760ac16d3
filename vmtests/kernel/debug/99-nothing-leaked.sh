# SPDX-License-Identifier: MIT OR GPL-2.0-only
# When everything has stopped and is unloaded, there is no memory that nobody knows of.
! grep '^lu[an]' /proc/modules || die "modules are left"
leaks=/sys/kernel/debug/kmemleak
# What is younger than five seconds is not suspected; what one scan missed, as a register or a
# stack held it, the next one finds.
for scan in 1 2; do
  sleep 6
  echo scan > $leaks
done
cat $leaks > /tmp/leaks
while read -r line; do echo "$line" > /dev/kmsg; done < /tmp/leaks
[ ! -s /tmp/leaks ] || die "memory has leaked"
