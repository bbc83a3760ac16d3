-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A body that fails when it has made a device.
require("device").new { name = "failed" }
error("on purpose")
