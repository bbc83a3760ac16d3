# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a state counts is what it has: memory that it gives back is the kernel's again.
free() { awk '/^MemAvailable:/ { print $2 }' /proc/meminfo; }
gives "" "run('hello') stop('hello')"
before=$(free)
gives "" "run('rt/stacks', 'process', { load_fuel = 100000000 })"
after=$(free)
gives "" "stop('rt/stacks')"
[ $after -ge $((before - 8192)) ] || die "$((before - after)) KiB are gone for a state that may have 1024"
