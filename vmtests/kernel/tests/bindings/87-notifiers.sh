# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts hear of interfaces and terminals, and keep neither waiting.
insmod_all lualinux luanotifier
env="require('lunatik')._ENV"
# becomes VALUE EXPRESSION
becomes() {
  for turn in $(seq 1000); do
    evaluate "return $2" || die "$2: $answer"
    [ "$answer" != "$1" ] || return 0
    usleep 20000
  done
  die "$2: expected '$1', got '$answer'"
}
ip link set lo up
gives "" "run('notifiers/interfaces')"
refuses rmmod luanotifier
# Those that are there already are told before it goes on.
gives "REGISTER UP " "return $env.there"
ip link add heard0 type veth peer name heard1
ip link set heard0 up
ip link set heard0 down
ip link set heard0 name heard2
ip link del heard2
becomes "REGISTER UP GOING_DOWN DOWN CHANGENAME UNREGISTER " "$env.heard"
gives "" "run('notifiers/once')"
gives 0 "return $env.once"
ip link add heard0 type veth peer name heard1
becomes 1 "$env.once"
becomes "REGISTER UP GOING_DOWN DOWN CHANGENAME UNREGISTER REGISTER " "$env.heard"
gives 1 "return $env.once"
gives "" "stop('notifiers/once') stop('notifiers/interfaces')"
ip link del heard0
gives "REGISTER UP " "return $env.lo"

# What happens while the script loads is told when it has; a failure at what is there is told, and ends nothing.
lunatik_late() { echo "run('notifiers/late')" > /tmp/late; dd if=/tmp/late bs=1M of=/dev/lunatik 2> /dev/null; }
lunatik_late &
becomes true "$env.loading"
ip link add heard0 type veth peer name heard1
ip link del heard0
gives "" "$env.loading = 'enough'"
wait
gives "true	lo lo up " "return $env.loading, $env.there"
becomes true "$env.late:find('heard0') ~= nil"
sees "notifiers/late: .*late.lua:9: not this one"
gives "" "stop('notifiers/late')"

# Whatever a script does meanwhile, interfaces come and go; what is too much for it is lost.
gives "" "run('notifiers/slow')"
ip link add heard0 type veth peer name heard1
ip link del heard0
becomes slow "$env.slow"
for turn in $(seq 60); do ip link add heard0 type veth peer name heard1; ip link del heard0; done
sees "notifier: a script is too slow"
gives slow "return $env.slow"
gives woken "stop('notifiers/slow') return $env.slow"
gives "" "run('notifiers/raises', 'process', { faults = 3 })"
ip link add heard0 type veth peer name heard1
ip link set heard0 up
ip link set heard0 down
sees "notifiers/raises: .*raises.lua:2: on purpose: integer string"
sees "notifiers/raises: quarantined"
gives "" "stop('notifiers/raises')"
ip link del heard0

# As it happens, on any CPU.
gives "" "run('notifiers/terminal', 'hardirq')"
shown() { printf "$1" > /dev/tty1; }
shown abc
gives "3	99	0" "return $env.shown, $env.code, $env.terminal"
taskset 1 sh -c 'printf d > /dev/tty1'
taskset 2 sh -c 'printf "e!" > /dev/tty1'
taskset 1 sh -c 'printf fgh > /dev/tty1'
gives "6	33" "return $env.shown, $env.code"
evaluate "return status()"
case $answer in "notifiers/terminal hardirq 2 "*" 0 run running") ;; *) die "the status is: $answer" ;; esac
gives "" "stop('notifiers/terminal')"
shown xyz
gives 6 "return $env.shown"
# With one state, its variables are those of all CPUs, which take turns.
gives "" "run('notifiers/sequence', 'hardirq', { single = true })"
evaluate "return status()"
case $answer in "notifiers/sequence hardirq 1 "*" 0 run running") ;; *) die "the status is: $answer" ;; esac
for mask in 1 2; do
  for letter in s e s a m e; do taskset $mask sh -c "printf $letter > /dev/tty1"; [ $mask = 1 ] && mask=2 || mask=1; done
done
gives "2	12	12" "return $env.open, $env.calls, $env.runtimes['notifiers/sequence']:resume()"
for mask in 1 2; do
  taskset $mask sh -c 'for turn in $(seq 500); do printf x > /dev/tty$0; done' $mask & writers="${writers-} $!"
done
wait $writers
# None was lost, or counted twice.
gives "1012	false" "return $env.calls, status():find('notifiers/sequence hardirq 1 %d+ [1-9]') ~= nil"
gives "" "stop('notifiers/sequence')"
gives "" "run('notifiers/odd', 'hardirq')"
shown x
sees "notifiers/odd: .*no answer"
gives "" "stop('notifiers/odd')"

for context in process softirq hardirq; do gives "" "run('notifiers/misuse', '$context') stop('notifiers/misuse')"; done
fails "$EINVAL" "*notifier: not granted*" "run('notifiers/raises', 'process', { capabilities = '' })"
# The prompt's own goes with a shutdown.
gives "" "require('notifier').netdevice(function(event, name) $env.prompt = name end)"
gives lo "return $env.prompt"
gives "" "shutdown()"
