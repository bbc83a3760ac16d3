# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Boot $kernel with $root, have it run $test, and hold the result against $expected. CPUs take turns, as in
# the kernel-side tests.
limit=3600
cp $root disk; chmod +w disk
timeout $((limit * 2)) qemu-system-x86_64 -machine q35 -accel tcg,thread=single -cpu max -smp 2 -m 1024 -nodefaults -display none -no-reboot \
  -kernel $kernel/bzImage -drive file=disk,if=virtio,format=raw,read-only=on -serial file:console -serial file:output \
  -append "console=ttyS0 root=/dev/vda ro init=/init no_timer_check panic=-1 oops=panic loglevel=7 kselftest=$test seconds=$limit" ||
  echo "QEMU ended with status $?"
tr -d '\r' < console | tee log
tr -d '\r' < output | tee said

status=$(sed -n 's/^kselftest ended with status \([0-9]*\) .*/\1/p' said)
reason=$(grep SKIP said | tail -n 1 || true)
case $status in
  # Some go on where they cannot test something, and count as passed.
  0) result=${reason:+partial} result=${result:-pass} line="ok $test" ;;
  4) result=skip line="ok $test # SKIP ${reason#*SKIP: }" ;;
  *) result=fail line="not ok $test # status ${status:-unknown: it did not end}" ;;
esac
if grep -F -f $src/vmtests/src/complaints.txt log; then echo "$test: the lines above must not be"; exit 1; fi
echo "$line"
[ $result != partial ] || { echo "$test: passed, but left something out: $reason"; exit 1; }
[ $result = $expected ] || { echo "$test: $result, but vmtests/kselftests/expected says $expected"; exit 1; }
echo "$line" > $out
