-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Waits for what never comes, and says what ended it.
print("waits")
print(select(2, require("completion").new():wait()))
