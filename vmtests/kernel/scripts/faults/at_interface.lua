-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("xdp").attach(function() return 2 end) -- PASS
