-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("notifier").netdevice(function() error("on purpose") end)
