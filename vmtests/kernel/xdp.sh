# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs on the interface `left`, whose pings from the namespace of that name they judge.

# The PATH has busybox's own.
iproute() { /usr/bin/ip "$@"; }

# attach_program NAME generic|native: a program of judge.o, in place of what is there
attach_program() { iproute -force link set dev left xdp$(flag $2) obj /bpf/judge.o program $1; }
detach_program() { iproute link set dev left xdp$(flag $1) off; }
flag() { case $1 in native) echo drv ;; *) echo generic ;; esac; }

# receives NAME: the namespace takes what native XDP sends into its wire
receives() { at $1 /usr/bin/ip link set dev wire xdpdrv obj /bpf/pass.o program pass; }

# answers CASE [TTL], silent CASE...: whether the ping of that case is answered, or those of the cases
# are not. Who sends on one CPU is judged on it, by the state of that CPU.
answers() { at left taskset 1 ping -c 1 -W 5 -s $((100 + $1)) 10.1.0.1 > /tmp/ping 2>&1 && grep -q "ttl=${2-64} " /tmp/ping; }
silent() {
  for case; do
    at left taskset 1 ping -c 1 -W 1 -s $((100 + case)) 10.1.0.1 > /tmp/ping.$case 2>&1 &
  done
  wait
  for case; do grep -q " 100% packet loss" /tmp/ping.$case || die "case $case: expected silence: $(cat /tmp/ping.$case)"; done
}

xdp="luadata lualinux luaxdp"
