-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Reads on each CPU what another script wrote.
assert(require("lunatik")._ENV.told == "by a script")
