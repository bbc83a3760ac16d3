# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Devices are what their scripts make of them, and go with them.
insmod_all lualinux luacompletion luadevice luaio luasocket
env="require('lunatik')._ENV"
gone() { [ ! -e /dev/$1 ] || die "/dev/$1 is left"; }
# says WHAT COMMAND...: it fails, and says so
says() {
  what=$1; shift
  if "$@" > /tmp/said 2>&1; then die "expected to fail: $*"; fi
  grep -q "$what" /tmp/said || die "$*: expected '$what', got '$(cat /tmp/said)'"
}

gives "" "run('devices/store')"
[ "$(stat -c '%a %F' /dev/store)" = "640 character special file" ] || die "/dev/store is $(stat -c '%a %F' /dev/store)"
refuses rmmod luadevice
[ -z "$(cat /dev/store)" ] || die "something is in it at first"
echo "hello, world" > /dev/store
[ "$(cat /dev/store)" = "hello, world" ] || die "it keeps '$(cat /dev/store)'"
[ "$(dd if=/dev/store bs=5 count=2 2> /dev/null)" = "hello, wor" ] || die "it is not read piece by piece"
{ echo one; echo two; } > /dev/store
[ "$(cat /dev/store)" = "$(printf 'one\ntwo')" ] || die "offsets do not go on"
# More than a write hands over.
head -c 200000 /dev/zero > /dev/store
gives 200000 "return $env.runtimes['devices/store']:resume('length')"
[ "$(cat /dev/store | wc -c)" = 200000 ] || die "the end is lost"
# A program that ends closes them a moment later.
for turn in $(seq 250); do
  evaluate "return $env.opened == $env.released and $env.opened > 5" && [ "$answer" = false ] || break
  usleep 20000
done
[ "$answer" = true ] || die "files are open"

# A task that exits has no files and no namespaces left: what the script does with some is done all the same.
gives "" "run('devices/farewell')"
at_exit 'rm -f /tmp/farewell'
for way in 'exit 0' 'kill -9 $$'; do
  rm -f /tmp/farewell
  sh -c "exec 3< /dev/farewell; $way" || true
  for turn in $(seq 250); do [ ! -s /tmp/farewell ] || break; usleep 20000; done
  [ "$(cat /tmp/farewell)" = farewell ] || die "after '$way' nobody was told"
done
gives "" "stop('devices/farewell')"

# An open file outlives the device, but not what it shows.
exec 4<> /dev/store
evaluate "run('devices/misuse') stop('devices/misuse')" || die "$answer"
gives "" "run('devices/in_hooks', 'softirq') stop('devices/in_hooks')"
gives "" "$env.runtimes['devices/store']:resume('stop')"
gone store
says "No such device or address" cat <&4
says "No such device or address" sh -c 'echo x >&4'
gives "devices/store" "return list()"
gives "" "stop('devices/store')"
says "No such device or address" cat <&4
# Another of the same name is another.
gives "" "run('devices/store')"
echo new > /dev/store
says "No such device or address" cat <&4
[ "$(cat /dev/store)" = new ] || die "the new device keeps '$(cat /dev/store)'"
gives "" "shutdown()"
gone store
refuses rmmod luadevice
exec 4>&-
rmmod_all luadevice
insmod_all luadevice

# Who comes while the script loads waits until it has, or has failed.
printf "run('devices/late')" > /tmp/late
for fate in loads fails; do
  gives "" "$env.late = nil"
  dd if=/tmp/late of=/dev/lunatik bs=1M 2> /tmp/loading & loading=$!
  until [ -e /dev/late ]; do usleep 20000; done
  cat /dev/late > /tmp/early 2>&1 & early=$!
  usleep 50000
  gives "" "$env.late = '$fate'"
  if [ $fate = loads ]; then
    wait $loading || die "a script with an early reader does not load: $(cat /tmp/loading)"
    wait $early || die "an early reader got: $(cat /tmp/early)"
    [ "$(cat /tmp/early)" = loaded ] || die "an early reader read '$(cat /tmp/early)'"
    gives "" "stop('devices/late')"
  else
    ! wait $loading || die "a script that fails loads"
    ! wait $early || die "an early reader of what did not load read '$(cat /tmp/early)'"
  fi
  gone late
done

gives "" "run('devices/odd')"
says "Invalid argument" cat /dev/nothing
says "Invalid argument" dd if=/dev/zero of=/dev/nothing bs=1 count=1
for name in raises numbers backwards; do says "I/O error\|Input/output error" cat /dev/$name; done
says "I/O error\|Input/output error" dd if=/dev/zero of=/dev/numbers bs=1 count=1
says "I/O error\|Input/output error" dd if=/dev/zero of=/dev/greedy bs=1 count=1
[ "$(dd if=/dev/greedy bs=10 count=1 2> /dev/null)" = xxxxxxxxxx ] || die "a read returns more than was asked for"
[ "$(cat /dev/skips)" = xx ] || die "it does not go on where the script says"
[ "$(dd if=/dev/table bs=9 count=1 2> /dev/null)" = inherited ] || die "a function that is inherited is not found"
printf 12345 > /dev/halves
for rest in 5 2 1; do sees "halves $rest"; done
says "I/O error\|Input/output error" cat /dev/endless
sees "devices/odd: out of fuel"
sees "devices/odd: .*odd.lua:9: on purpose"
evaluate "return status()"
case $answer in "devices/odd process 1 "*" running") ;; *) die "the status is: $answer" ;; esac
[ "$(echo "$answer" | awk '{ print $5 }')" = 6 ] || die "its failures are not counted: $answer"
gives "" "stop('devices/odd')"
for name in nothing raises numbers greedy backwards skips halves endless table; do gone $name; done
fails "$EINVAL" "*on purpose*" "run('devices/fails')"
gone failed
# Failures in a row end the calls.
gives "" "run('devices/odd', 'process', { faults = 3 })"
for turn in 1 2 3; do says "I/O error\|Input/output error" cat /dev/numbers; done
says "No such device or address" cat /dev/skips
gives true "return resume('devices/odd')"
[ "$(cat /dev/skips)" = xx ] || die "it does not go on after a quarantine"
gives "" "stop('devices/odd')"

# Readers in a hurry do not keep a stop waiting.
gives "" "run('devices/odd')"
readers=
for turn in 1 2 3; do dd if=/dev/greedy of=/dev/null bs=1 2> /dev/null & readers="$readers $!"; done
usleep 100000
gives "" "stop('devices/odd')"
for reader in $readers; do ! wait $reader || die "a reader of a device that is gone came to an end"; done

# A reader waits; others wait for their turn. A signal ends the wait of the first, then the other reads.
gives "" "run('devices/blocks')"
sleep 1000 < /dev/blocks & holder=$!
until [ "$(readlink /proc/$holder/fd/0)" = /dev/blocks ]; do usleep 20000; done
cat /dev/blocks > /tmp/one 2>&1 & one=$!
until evaluate "return $env.reading" && [ "$answer" = 1 ]; do usleep 20000; done
# Who has the file open and is killed is gone, and the script hears of it in its turn.
kill -9 $holder
lives() { grep -q "^State:[^Z]*$" /proc/$1/status 2> /dev/null; }
for turn in $(seq 500); do lives $holder || break; usleep 20000; done
! lives $holder || die "who closes a file waits for a reader"
wait $holder || true
gives nil "return $env.closed"
cat /dev/blocks > /tmp/two 2>&1 & two=$!
usleep 50000
kill $one
wait $one || true
until evaluate "return $env.reading" && [ "$answer" = 2 ]; do usleep 20000; done
gives true "return $env.closed >= 1"
cat /dev/blocks > /tmp/three 2>&1 & three=$!
usleep 50000
kill -9 $three
wait $three || true
# The end of the script ends all of them.
cat /dev/blocks > /tmp/four 2>&1 & four=$!
usleep 50000
gives "" "stop('devices/blocks')"
for reader in $two $four; do ! wait $reader || die "a reader of a device that is gone read something"; done
grep -q "No such device\|I/O error\|Input/output" /tmp/two || die "the reader inside got: $(cat /tmp/two)"
gone blocks

# Also a device of the prompt's own.
gives "" "d = require('device').new { name = 'prompt', read = function(_, _, offset) return offset == 0 and 'typed' or nil end }"
[ "$(cat /dev/prompt)" = typed ] || die "the prompt's device does not answer"
gives "" "d:stop()"
gone prompt
gives "" "require('device').new { name = 'prompt' }"
gives "" "shutdown()"
gone prompt
fails "$EINVAL" "*device: not granted*" "run('devices/store', 'process', { capabilities = 'lunatik' })"
logged 0 "BUG"
