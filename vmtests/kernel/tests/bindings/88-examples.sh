# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The examples of the reference load and do what they say: none of their assertions fails, nor a call of what they register for
# packets, timers and a file of /dev/answer. What they register for governors, input devices, probes, keys and terminals is not
# called here: 87-cpufreq, 87-input-devices, 87-probes and 87-notifiers have such functions called.
insmod_all libaes aes_generic ctr $bindings
mount -t bpf bpf /sys/fs/bpf
maps create /sys/fs/bpf/seen 1 4 4 16
ip link set lo up
examples=0
for example in /lib/modules/lua/examples/*.lua; do
  name=examples/$(basename $example .lua)
  read dashes context < $example
  options=
  if [ $context = single ]; then context=softirq options=", { single = true }"; fi
  evaluate "run('$name', '$context'$options)" || die "$name: $answer"
  ping -c 2 -i 0.1 127.0.0.1 > /tmp/ping || die "no answer while $name runs"
  evaluate "return status()"
  case $answer in "$name $context "*" 0 run running") ;; *) die "the status is: $answer" ;; esac
  case $name in *luadevice*) [ "$(cat /dev/answer)" = 42 ] || die "/dev/answer does not say 42" ;; esac
  gives "" "stop('$name')"
  examples=$((examples + 1))
done
[ $examples -ge 30 ] || die "there are $examples examples only"
logged 1 "answered:	"
logged 1 "load: [0-9]"
logged 1 "10.0.0.1	7"
logged 0 "BUG"
