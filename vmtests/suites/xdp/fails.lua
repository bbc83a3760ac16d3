-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("xdp").attach(function() error("on purpose") end)
