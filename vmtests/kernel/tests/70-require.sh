# SPDX-License-Identifier: MIT OR GPL-2.0-only
evaluate "run('requires', 'softirq')" || die "$answer"
logged 1 "lunatik: requires: library says 42"
evaluate "stop('requires')" || die "$answer"
fails "$EINVAL" "*nothing.of.the.kind*" "require('nothing.of.the.kind')"
