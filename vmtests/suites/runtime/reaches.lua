-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Wants more than every script may have.
require("socket")
