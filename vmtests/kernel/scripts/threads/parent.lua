-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes a thread and forgets it.
do require("thread").run(require("lunatik").runtime("threads/sleeper"), "forgotten") end
for _ = 1, 3 do collectgarbage() end
