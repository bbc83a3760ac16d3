-- SPDX-License-Identifier: MIT OR GPL-2.0-only
return string.rep("", 1 << 62)
