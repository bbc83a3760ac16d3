# SPDX-License-Identifier: MIT OR GPL-2.0-only
# eBPF programs, compiled by clang and loaded by libbpf, call a script by its name.
. /network.sh
. /xdp.sh

# The kernel knows the function once the module is there; what loads the program says so.
refuses attach_program judge generic
grep -q bpf_luaxdp_run /tmp/refusal || die "an object without the module: $(cat /tmp/refusal)"

insmod_all $xdp
receives left
fails "$EINVAL" "*context mismatch*" "run('xdp/judge', 'process')"

for mode in generic native; do
  attach_program judge $mode
  answers 1 || die "$mode: a script that does not run decides"
  answers 2 || die "$mode: a script that does not run decides"
  gives "" "run('xdp/judge', 'softirq')"

  for case in 1 9 10 11 13 14 15 17; do answers $case || die "$mode: case $case: $(log | tail -n 3)"; done
  silent 2 16 18 20
  answers 12 77 || die "$mode: case 12: no reply from XDP"
  # The program lets pass what the script fails at.
  for case in 3 4 5 6 7 8 19 21 22 25 26; do answers $case || die "$mode: case $case: expected -1"; done
  answers 1 || die "$mode: a script that failed does not recover"

  # -1 and nothing else is a failure
  attach_program failures $mode
  for case in 3 4 5 6 7 8 11 19 21 22; do answers $case || die "$mode: case $case: expected -1"; done
  silent 1 2 9

  # names: up to their zero, if they have one, and all of them
  for program in exact longer; do
    attach_program $program $mode
    answers 1 || die "$mode: $program: expected the action of the script"
    silent 2
  done
  for program in shorter mismatch; do
    attach_program $program $mode
    answers 2 || die "$mode: $program: expected -1"
  done

  # arguments are as long as the program says; programs see what Lua adjusted
  attach_program small $mode
  answers 1 || die "$mode: a script reads past its argument"
  attach_program anew $mode
  answers 31 || die "$mode: the program does not see the new end"
  silent 32

  # a script that ends while packets come
  attach_program judge $mode
  answers 24 || die "$mode: case 24"
  answers 2 || die "$mode: a detached function is called"
  gives "" "stop('xdp/judge')"
  answers 2 || die "$mode: a stopped script decides"
  gives "" "run('xdp/judge', 'softirq')"
  silent 2
  # An object that a script closes shows nothing on that CPU, and harms nobody.
  answers 23 && answers 1 || die "$mode: case 23"
  gives "" "stop('xdp/judge')"
  detach_program $mode
done

# jumbo packets: in one piece or several, as the program was made
for device in "at left ip" ip; do
  for name in wire left; do $device link set $name mtu 9000 2> /dev/null || true; done
done
refuses attach_program judge native
grep -q "MTU is too large" /tmp/refusal || die "a jumbo interface: $(cat /tmp/refusal)"
gives "" "run('xdp/judge', 'softirq')"
attach_program jumbo native
answers 7900 || die "several buffers: $(log | tail -n 3)"
detach_program native
attach_program judge generic
answers 7901 || die "one piece: $(log | tail -n 3)"
gives "" "stop('xdp/judge')"
detach_program generic

# in use means not unloaded
attach_program judge generic
refuses rmmod luaxdp
loaded luaxdp || die "a loaded program keeps the module"

# run and stop under traffic, on both CPUs
at left taskset 1 ping -i 0.02 -s 101 -c 250 -W 5 10.1.0.1 > /tmp/first & first=$!
at left taskset 2 ping -i 0.02 -s 101 -c 250 -W 5 10.1.0.1 > /tmp/second & second=$!
for turn in $(seq 100); do
  gives "" "run('xdp/judge', 'softirq')"
  gives "" "stop('xdp/judge')"
done
wait $first && wait $second || die "packets were lost: $(tail -n 2 /tmp/first /tmp/second)"
grep -q ' 0% packet loss' /tmp/first && grep -q ' 0% packet loss' /tmp/second || die "$(tail -n 2 /tmp/first /tmp/second)"
detach_program generic
logged 0 "not me"
log | grep -q "xdp/judge: .*judge.lua:[0-9]*: " || die "the log does not say where a call failed"
rmmod_all $xdp
