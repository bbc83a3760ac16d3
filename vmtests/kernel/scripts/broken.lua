-- SPDX-License-Identifier: MIT OR GPL-2.0-only
print("never seen")
if true then
  x = = 1
end
