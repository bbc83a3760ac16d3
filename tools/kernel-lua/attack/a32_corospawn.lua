-- SPDX-License-Identifier: MIT OR GPL-2.0-only
while true do coroutine.create(function() end) end
