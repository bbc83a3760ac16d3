-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Neither sleeps nor asks whether it shall stop.
return function() while true do end end
