# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Character devices that scripts make.
. ../library.sh
plan 7
own=tests/device
store=/dev/test-store
stopped $own/{store,odd,numbers,blocks}
entries opened released closed lines reading ended
io="*Input/output error*"

appears() {
  [ ! -e $store ]
  lunatik run $own/store
  is "640 character special file" stat -c '%a %F' $store
  lunatik stop $own/store
  [ ! -e $store ]
}
point appears "a device is there, with its mode, for as long as its script"

keeps() {
  lunatik run $own/store
  is "" cat $store
  echo "hello, world" > $store
  is "hello, world" cat $store
  head -c 200000 /dev/urandom > "$scratch/bytes"
  cat "$scratch/bytes" > $store
  cmp "$scratch/bytes" $store
  lunatik stop $own/store
}
point keeps "what is written is read, byte by byte, also when it is much"

offsets() {
  lunatik run $own/store
  printf 0123456789 > $store
  is 3456 dd if=$store bs=1 skip=3 count=4 status=none
  printf ab | dd of=$store bs=1 seek=4 conv=notrunc status=none
  is 0123ab6789 cat $store
  { printf one; printf two; } > $store
  is onetwo6789 cat $store
  lunatik stop $own/store
}
point offsets "reads and writes are at the file's offset, which goes on"

opens() {
  lunatik run $own/store
  cat $store $store $store
  soon is $'3\t3' lua 'local env = require("lunatik")._ENV return env.opened, env.released'
  exec 7< $store
  is $'4\t3' lua 'local env = require("lunatik")._ENV return env.opened, env.released'
  exec 7<&-
  soon is 4 shared released
  shared 'closed = true'
  fails "$io" cat $store
  is 4 shared opened
  lunatik stop $own/store
}
point opens "a script hears of those who open and close, and may refuse"

odd() {
  forget
  lunatik run $own/odd
  fails "*Invalid argument*" cat /dev/test-nothing
  fails "*Invalid argument*" dd if=/dev/zero of=/dev/test-nothing bs=1 count=1
  fails "$io" cat /dev/test-raises
  fails "$io" dd if=/dev/zero of=/dev/test-raises bs=1 count=1
  fails "$io" cat /dev/test-numbers
  logged "$own/odd: .*odd.lua:5: on purpose"
  has "*$own/odd process 1 * 3 run running*" lua 'status()'
  is "" cat /dev/test-halves
  printf 1234567 > /dev/test-halves
  lunatik stop $own/odd
}
point odd "functions that fail, or are not there, are errors of those who called"

together() {
  lunatik run $own/numbers
  local turn jobs=()
  for turn in {1..8}; do
    cat /dev/test-numbers > "$scratch/read$turn" &
    jobs+=($!)
    printf 'a\nb\nc\n' > /dev/test-numbers &
    jobs+=($!)
  done
  wait "${jobs[@]}"
  is $'1\n2\n3\n4\n5\n6\n7\n8' bash -c "cat $scratch/read* | sort -n"
  is 24 shared lines
  lunatik stop $own/numbers
}
point together "readers and writers at once come one after the other, and each gets its own"

outlives() {
  lunatik run $own/store
  echo kept > $store
  exec 7<> $store
  lunatik stop $own/store
  fails "*No such device or address*" cat <&7
  lunatik run $own/store
  fails "*No such device or address*" cat <&7
  is "" cat $store
  exec 7>&-
  lunatik stop $own/store
  lunatik run $own/blocks
  cat /dev/test-blocks > "$scratch/blocked" 2>&1 &
  soon is true shared reading
  lunatik stop $own/blocks
  wait $! || true
  is interrupt shared ended
}
point outlives "a file that is open shows nothing of another script's, and who reads comes out when it stops"
