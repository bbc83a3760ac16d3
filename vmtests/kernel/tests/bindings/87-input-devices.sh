# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script is the driver of an input device: it sees and changes what that reports, and the device works whatever it does.
insmod_all luadata lualinux luanotifier luahid
insmod /modules/uhid.ko
at_exit 'exec 4>&-; rmmod uhid'
env="require('lunatik')._ENV"

bytes() { for byte; do printf "\\$(printf %03o 0x$byte)"; done; }
page="05 07"
descriptor() {
  bytes 05 01 09 06 a1 01 $page 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 03 95 06 75 08 15 00 25 65 \
    05 07 19 00 29 65 81 00 c0
}
# send COMMAND...: what it prints is an event of the device's, in one piece
send() { "$@" > /tmp/event; dd if=/tmp/event bs=8k >&4 2> /dev/null; }
zeros() { head -c $1 /dev/zero; }
creation() {
  bytes 0b 00 00 00; printf keyboard; zeros 248
  bytes $(printf %x $(descriptor | wc -c)) 00 03 00 34 12 00 00 $1 56 00 00 11 00 00 00 00 00 00 00
  descriptor
}
report() { bytes 0c 00 00 00 08 00 $1 00 $2 00 00 00 00 00; }
# create PRODUCT: a keyboard, which the kernel has taken in when this returns
create() {
  exec 4<> /dev/uhid
  send creation $1
  for turn in $(seq 500); do
    for device in /sys/bus/hid/devices/0003:1234:56$(echo $1 | tr a-f A-F).*; do
      [ ! -e $device/driver ] || return 0
      [ "${2-}" != refused ] || { usleep 500000; return 0; }
    done
    usleep 20000
  done
  die "there is no device"
}
destroy() { send bytes 01 00 00 00; exec 4>&-; }
# press KEY...: and let go
press() { for key; do send report 00 $key; send report 00 00; done; }
driver() { basename $(readlink /sys/bus/hid/devices/0003:1234:*/driver); }

gives "" "run('hid/keys', 'hardirq') run('hid/remap', 'softirq', { faults = 0 })"
refuses rmmod luahid
create 78
[ "$(driver)" = remap ] || die "the driver is $(driver)"
gives "2	keyboard 3 1234 11 7" "return $env.probed, $env.device"
# A is B (48), B is itself, C is lost; what fails at D (32), E (18) and F (33) passes unchanged.
press 04 05 06 07 08 09
gives "48 48 32 18 33 " "return $env.keys"
sees "hid/remap: .*on purpose"
sees "hid/remap: .*neither nothing nor a negative errno"
sees "hid/remap: out of fuel"
# What a script keeps of a report shows nothing later: G (34) passes, H (35) fails; I (23) gives no answer.
press 0a 0b 0c
gives "48 48 32 18 33 34 35 23 " "return $env.keys"
# On each CPU.
for mask in 1 2; do
  report 00 04 > /tmp/event; taskset $mask dd if=/tmp/event bs=8k >&4 2> /dev/null
  report 00 00 > /tmp/event; taskset $mask dd if=/tmp/event bs=8k >&4 2> /dev/null
done
gives "48 48 32 18 33 34 35 23 48 48 " "return $env.keys"
destroy
gives 2 "return $env.removed"

# A descriptor that the script repairs, and one with which it fails.
gives "" "$env.keys = ''"
page="05 0c"
create 79
page="05 07"
press 05
gives "48 " "return $env.keys"
destroy
create 79
press 05
gives "48 48 " "return $env.keys"
destroy
gives 6 "return $env.removed"

# With the script, its driver goes, and the device is the kernel's own driver's again.
create 78
gives "" "stop('hid/remap')"
[ "$(driver)" = hid-generic ] || die "the driver is $(driver)"
press 04
gives "48 48 30 " "return $env.keys"
# A script that comes later takes it over.
gives "" "run('hid/remap', 'softirq')"
[ "$(driver)" = remap ] || die "the driver is $(driver)"
press 04
gives "48 48 30 48 " "return $env.keys"
fails "$EINVAL" "*EBUSY*" "assert(require('lunatik').runtime('hid/remap', 'softirq'))"
destroy
gives "" "stop('hid/remap')"

# What fails too often is not asked again until somebody has looked.
gives "" "$env.keys = '' run('hid/remap', 'softirq', { faults = 3 })"
create 78
press 04 07 07 07 04
sees "hid/remap: quarantined"
gives "48 32 32 32 30 " "return $env.keys"
gives true "return resume('hid/remap')"
press 04
gives "48 32 32 32 30 48 " "return $env.keys"
destroy
gives "" "stop('hid/remap')"

# Who refuses a device has none; who fails has it, unless failures are to refuse.
gives "" "$env.refuse = true run('hid/refuses', 'softirq')"
create 78 refused
[ ! -e /sys/bus/hid/devices/0003:1234:*/driver ] || die "the driver is $(driver)"
destroy
gives "" "stop('hid/refuses') $env.refuse = nil run('hid/refuses', 'softirq')"
create 78
destroy
gives "" "stop('hid/refuses') run('hid/refuses', 'softirq', { fail = 'drop' })"
create 78 refused
[ ! -e /sys/bus/hid/devices/0003:1234:*/driver ] || die "the driver is $(driver)"
destroy
gives nil "stop('hid/refuses') return $env.refused"
gives "" "run('hid/spoils', 'softirq')"
create 78
[ "$(driver)" = spoils ] || die "the driver is $(driver)"
destroy
gives "" "stop('hid/spoils') run('hid/spoils', 'softirq', { fail = 'drop' })"
create 78 refused
[ ! -e /sys/bus/hid/devices/0003:1234:*/driver ] || die "the driver is $(driver)"
gives "true	true" "return $env.taken > 0, $env.taken == $env.left"
destroy
gives "" "stop('hid/spoils')"

# Devices come and go, and scripts, under reports.
typing() {
  for turn in $(seq 3); do
    create 78
    for again in $(seq 10); do press 04 0a || true; done
    destroy
  done
}
typing & typist=$!
for turn in $(seq 8); do gives "" "run('hid/remap', 'softirq') stop('hid/remap')"; done
wait $typist || die "devices do not work"

for context in process softirq hardirq; do gives "" "run('hid/misuse', '$context') stop('hid/misuse')"; done
fails "$EINVAL" "*hid: not granted*" "run('hid/misuse', 'softirq', { capabilities = 'lunatik' })"
gives "" "shutdown()"
logged 0 "BUG"
