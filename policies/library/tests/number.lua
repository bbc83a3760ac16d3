-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local number = require("policies.library.number")

test.case("an integer within its bounds is a parameter, and nothing else", function()
  test.same(number({ rate = 1 }, "rate", 1, 9), 1)
  test.same(number({ rate = 9 }, "rate", 1, 9), 9)
  for _, bad in ipairs { 0, 10, "5", false } do
    test.raises("parameter 'rate': '" .. tostring(bad) .. "' is no integer from 1 to 9", number, { rate = bad }, "rate", 1, 9)
  end
end)
