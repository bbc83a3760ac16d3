-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
return table.unpack({}, 1, 5000)
