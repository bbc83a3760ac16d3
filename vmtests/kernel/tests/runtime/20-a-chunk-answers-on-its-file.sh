# SPDX-License-Identifier: MIT OR GPL-2.0-only
gives 2 "return 1 + 1"
gives "1	a	true	nil" "return 1, 'a', true, nil"
gives 3 "return 7 // 2"
gives 3 "return 7 / 2"
fails "$EINVAL" "*:1: boom*" "error('boom')"
fails "$EINVAL" "*:2: syntax error*" "local y
x"
fails "$EINVAL" "*malformed number*" "return 1.5"
# as Lunatik's own tools do it
printf 'return "later"' > /dev/lunatik
[ "$(cat /dev/lunatik)" = later ] || die "a file opened later reads the results, too"
[ -z "$(cat /dev/lunatik)" ] || die "but once"
# bytecode has no verifier
fails "$EINVAL" "*binary*" "return assert(load('\27Lua'))"
