-- SPDX-License-Identifier: MIT OR GPL-2.0-only
table.move({}, 1, (1<<62), 2)
