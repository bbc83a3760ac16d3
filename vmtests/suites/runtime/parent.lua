-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Has a child while it runs.
CHILD = require("lunatik").runtime("tests/runtime/echo")
