-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
error(("x"):rep(300000))
