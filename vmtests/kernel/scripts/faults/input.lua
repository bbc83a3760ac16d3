-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Is the driver of devices that are not there.
require("hid").register { name = "faults", id_table = { { vendor = 0xffff } }, raw_event = function() end }
