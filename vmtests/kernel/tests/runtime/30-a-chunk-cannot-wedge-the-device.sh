# SPDX-License-Identifier: MIT OR GPL-2.0-only
fails "$ETIME" "*out of fuel*" "while true do end"
fails "$ETIME" "*out of fuel*" "while true do pcall(function() while true do end end) end"
fails "$ETIME" "*out of fuel*" "local f = ('x'):rep(30) while true do f:find(('x*'):rep(20) .. 'y') end"
fails "$ENOMEM" "*not enough memory*" "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"
fails "$ENOMEM" "*not enough memory*" "local function f() return f() + 1 end f()"
# Neither does the kernel's stack overflow, whoever notices it.
! evaluate "local function f() ('x'):gsub('.', f) end f()" || die "a pattern without an end ended"
case $answer in *"pattern too complex"* | *"C stack overflow"*) ;; *) die "a pattern without an end: $answer" ;; esac
fails "$EINVAL" "*C stack overflow*" "local function f() local c = coroutine.wrap(f) c() end f()"
gives alive "return 'alive'"
