# SPDX-License-Identifier: MIT OR GPL-2.0-only
evaluate "run('hello')" || die "$answer"
gives hello "return list()"
logged 1 "lunatik: hello: hello from process"
fails "$EINVAL" "*hello*already*" "run('hello')"
evaluate "stop('hello')" || die "$answer"
gives "" "return list()"
! evaluate "stop('hello')" || die "stopping what does not run is an error"
