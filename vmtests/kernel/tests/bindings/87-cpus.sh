# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luacpu
# cpus OFFLINE: the script holds, with so many of two CPUs down
cpus() {
  set -- "$1" $(sed -n 's/^cpu0 //p' /proc/stat) # user nice system idle ...
  { echo "CPUS, OFFLINE, USER, IDLE = 2, $1, ${2}0000000, ${5}0000000"
    cat /lib/modules/lua/cpu.lua; } > /lib/modules/lua/cpu_here.lua
  for context in process softirq hardirq; do
    gives "" "run('cpu_here', '$context')"
    gives "" "stop('cpu_here')"
  done
}
cpus 0
echo 0 > /sys/devices/system/cpu/cpu1/online
cpus 1
echo 1 > /sys/devices/system/cpu/cpu1/online
rmmod_all luacpu
