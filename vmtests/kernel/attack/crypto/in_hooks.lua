-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: runtime context mismatch
-- hook: fails
require("crypto.shash").new("sha256")
