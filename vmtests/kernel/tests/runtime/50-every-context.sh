# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The body runs once per CPU, and is heard once.
for context in softirq hardirq; do
  evaluate "run('hello', '$context')" || die "$context: $answer"
  gives hello "return list()"
  evaluate "stop('hello')" || die "$answer"
done
logged 2 "lunatik: hello: hello from process"
fails "$EINVAL" "*nonsense*" "run('hello', 'nonsense')"
gives "" "return list()"
