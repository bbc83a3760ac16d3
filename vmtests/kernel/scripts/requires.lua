-- SPDX-License-Identifier: MIT OR GPL-2.0-only
print("library says " .. require("library.answer"))
