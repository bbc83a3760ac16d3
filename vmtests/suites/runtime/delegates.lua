-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Has another want it.
require("lunatik").runtime("tests/runtime/reaches")
