# SPDX-License-Identifier: MIT OR GPL-2.0-only
for i in $(seq 100); do
  evaluate "run('hello', 'softirq') run('requires')" || die "$i: $answer"
  evaluate "stop('hello') stop('requires')" || die "$i: $answer"
done
gives "" "return list()"
logged 0 "leaked"
