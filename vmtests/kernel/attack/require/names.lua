-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
-- hook: any
for _, name in ipairs { "", "..", "../etc/passwd", "/etc/passwd", "a/../b", "a\0b", ("x"):rep(5000), ".", "...", "%s%n", "a b" } do
  assert(not pcall(require, name), name)
end
for _, value in ipairs { {}, print, true } do assert(not pcall(require, value)) end
return 1
