# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Tables that runtimes share.
. ../library.sh
plan 7
own=tests/rcu
namespace box
stopped $own/{values,refuses,visits,grows,keys,bounds,counts}
entries counts

everywhere() {
  local context
  for context in process softirq hardirq; do holds "$own/$1" $context; done
}
values() { everywhere values; }
point values "booleans, integers, strings and objects read as they were written, in every context"
refuses() { everywhere refuses; }
point refuses "what cannot be shared is refused, and changes nothing"
visits() { everywhere visits; }
point visits "map visits each entry once, while it writes to them"
grows() { everywhere grows; }
point grows "a table grows beyond the size that it was made for"
keys() { everywhere keys; }
point keys "integers are keys by their digits, and bytes of any kind are keys"

bounds() {
  local parameter=/sys/module/lunatik/parameters/table_entries before status=0
  before=$(cat $parameter)
  echo 64 > $parameter
  holds $own/bounds || status=1
  echo "$before" > $parameter
  [ $status = 0 ]
}
point bounds "a table has no more entries than the module's parameter says"

hooks_and_tasks() {
  inside box lunatik run $own/counts softirq
  inside box ping -q -c 5 -i 0.05 -W 5 127.0.0.1
  is 5 lua 'local n = 0 require("rcu").map(require("lunatik")._ENV.counts, function(_, c) n = n + c end) return n'
  lunatik stop $own/counts
  is true lua 'require("lunatik")._ENV.counts ~= nil'
}
point hooks_and_tasks "a task reads what packet hooks count, also when these have gone"
