-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("notifier").netdevice(function(event, name) error("on purpose: " .. math.type(event) .. " " .. type(name)) end)
