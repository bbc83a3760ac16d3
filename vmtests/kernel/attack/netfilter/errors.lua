-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A storm of errors, all caught.
-- hook: fails
local function again(n) local ran, problem = pcall(error, { n }) return again(n + 1) end
again(1)
