-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runs, and does nothing.
return function() end
