# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel has what keeps programs and packets from reading it by a processor's guesses.
weak=/sys/devices/system/cpu/vulnerabilities
mitigated() { grep -H '^Mitigation: ' $weak/$1 || { cat $weak/$1; return 1; }; }
mitigated spectre_v1
# Of ARM's processors, firmware decides.
[ "$(uname -m)" != x86_64 ] || mitigated spectre_v2 | grep Retpolines
