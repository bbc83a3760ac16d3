-- SPDX-License-Identifier: MIT OR GPL-2.0-only
("x"):rep(1000):gsub(".", function() for i = 1, 100000000 do end end)
