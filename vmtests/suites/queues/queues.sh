# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Queues, events and mailboxes.
. ../library.sh
plan 7
own=tests/queues
namespace box
stopped $own/{order,room,messages,events,in_hooks,waiter,sender,receiver}
entries queue event waits woken heard

everywhere() {
  local context
  for context in process softirq hardirq; do holds "$own/$1" $context; done
}

order() { everywhere order; }
point order "a queue gives bytes in the order in which it got them"
room() { everywhere room; }
point room "what has no room is refused as a whole"
messages() { holds $own/messages; }
point messages "messages come out whole, and a closed queue is closed"
events() { holds $own/events; holds $own/in_hooks softirq; }
point events "an event ends one wait, which has an end of its own if it shall, and hooks do not wait"

wakes() {
  lunatik spawn $own/waiter
  soon is true shared waits
  is nil shared woken
  shared 'event:complete()'
  soon is "true nil" shared woken
  lunatik stop $own/waiter
}
point wakes "whoever waits for an event is woken by another runtime"

interrupts() {
  clear waits woken
  lunatik spawn $own/waiter
  soon is true shared waits
  lunatik stop $own/waiter
  is "nil interrupt" shared woken
}
point interrupts "whoever waits comes out when the script is stopped"

mail() {
  inside box lunatik run $own/sender softirq
  lunatik spawn $own/receiver
  local last
  for last in 5 6 7; do inside box ping -q -c 1 -W 5 127.0.0.$last; done
  soon is "5 6 7" shared heard
  lunatik stop $own/receiver
  lunatik stop $own/sender
}
point mail "a task hears what packet hooks send, in their order"
