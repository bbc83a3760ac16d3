-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
return coroutine.yield(1)
