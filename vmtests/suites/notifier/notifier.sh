# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts hear of interfaces, terminals and keys.
. ../library.sh
plan 7
own=tests/notifier
stopped $own/{interfaces,once,raises,terminal,keys,misplaced}
afterwards 'ip link delete test0'
afterwards 'rmmod uinput'
entries heard once shown terminal keys place

come_and_go() {
  lunatik run $own/interfaces
  is "REGISTER UP " shared heard.lo
  ip link add test0 type dummy
  ip link set test0 mtu 1400
  ip link set test0 up
  ip link set test0 down
  ip link delete test0
  soon is "REGISTER CHANGEMTU UP GOING_DOWN DOWN UNREGISTER " shared heard.test0
  is "REGISTER UP " shared heard.lo
  lunatik stop $own/interfaces
}
point come_and_go "a script hears of the interfaces that are there, and of what happens to others, in its order"

pairs_and_names() {
  lunatik run $own/interfaces
  ip link add test0 type veth peer name test1
  ip link set test1 up
  ip link set test0 name other0
  ip link delete other0
  soon is "REGISTER UP GOING_DOWN DOWN UNREGISTER " shared heard.test1
  is "REGISTER " shared heard.test0
  lunatik stop $own/interfaces
}
point pairs_and_names "both ends of a pair are told, under the names that they have"

once() {
  lunatik run $own/once
  is 0 shared once
  lunatik run $own/interfaces
  ip link add test0 type dummy
  ip link delete test0
  soon is "REGISTER UNREGISTER " shared heard.test0
  soon is 1 shared once
  lunatik stop $own/once
  lunatik stop $own/interfaces
}
point once "whoever stops listening hears nothing more"

raises() {
  forget
  lunatik run $own/raises process --faults 2
  logged "$own/raises: .*raises.lua:2: on purpose"
  ip link add test0 type dummy
  ip link delete test0
  soon logged "$own/raises: quarantined"
  lunatik stop $own/raises
}
point raises "a listener that fails is put in quarantine, and interfaces come and go all the same"

terminal() {
  lunatik run $own/terminal hardirq
  printf 'ABC abc 1' > /dev/tty2
  printf 'xyz' > /dev/tty2
  is abcxyz shared shown
  is 1 shared terminal
  lunatik stop $own/terminal
  printf 'more' > /dev/tty2
  is abcxyz shared shown
}
point terminal "a script sees what terminals show"

keys() {
  modprobe uinput
  soon test -e /dev/uinput
  compile press
  lunatik run $own/keys hardirq
  "$scratch/press" 30 48
  is "+30 -30 +48 -48 " shared keys
  "$scratch/press" shift 30
  is "+30 -30 +48 -48 +42 +30s -30s -42s " shared keys
  lunatik stop $own/keys
  "$scratch/press" 30
  is "+30 -30 +48 -48 +42 +30s -30s -42s " shared keys
}
point keys "a script sees keys go down and up, and whether shift is held"

misplaced() {
  local context
  for context in process softirq hardirq; do
    holds $own/misplaced $context
    is "${context/softirq/neither}" shared place
  done
  fails "*notifier: not granted*" lunatik run $own/once --capabilities lunatik,linux
}
point misplaced "interfaces are told in process context, terminals and keys in that of interrupts"
