-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("lunatik")._ENV.told = "by a script"
