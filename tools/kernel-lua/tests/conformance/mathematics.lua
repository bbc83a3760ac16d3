-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The library math, which has what integers need.

local max, min = math.maxinteger, math.mininteger

case("math.maxinteger and math.mininteger", function()
  gives({ 9223372036854775807, -9223372036854775807 - 1, -1 }, max, min, max + min)
end)

case("math.abs", function()
  gives({ 5, 5, 0, max }, math.abs(5), math.abs(-5), math.abs(0), math.abs(-max))
  same(math.abs(min), min) -- wraps
  same(math.abs("-3"), 3)
  raises("bad argument #1 to 'math.abs' (number expected, got nil)", math.abs, nil)
end)

case("math.ceil and math.floor are for scripts that were written for floats", function()
  gives({ 5, -5, max, min }, math.ceil(5), math.floor(-5), math.ceil(max), math.floor(min))
  raises("bad argument #1 to 'ceil' (number expected, got string)", function() math.ceil("1.5") end)
  raises("bad argument #1 to 'floor' (number expected, got no value)", function() math.floor() end)
end)

case("math.fmod has the dividend's sign", function()
  gives({ 1, -1, 1, -1 }, math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(-7, -3))
  gives({ 0, 0 }, math.fmod(min, -1), math.fmod(6, 3))
  raises("bad argument #2 to 'math.fmod' (zero)", math.fmod, 1, 0)
  raises("bad argument #2 to 'math.fmod' (number expected, got no value)", math.fmod, 1)
end)

case("math.max and math.min", function()
  gives({ 5, 1, 3, max, min }, math.max(1, 5, 2), math.min(4, 1, 2), math.max(3), math.max(min, max), math.min(0, min))
  raises("bad argument #1 to 'math.max' (number expected, got no value)", math.max)
  raises("bad argument #1 to 'math.min' (number expected, got no value)", math.min)
  raises("bad argument #2 to 'math.max' (number expected, got string)", math.max, 1, "x")
  raises("bad argument #1 to 'math.min' (number expected, got table)", math.min, {})
end)

case("math.tointeger", function()
  gives({ 5, 8, -1, 16 }, math.tointeger(5), math.tointeger("8"), math.tointeger(" -1 "), math.tointeger("0x10"))
  gives({ n = 4, nil, nil, nil, nil }, math.tointeger("x"), math.tointeger({}), math.tointeger(nil), math.tointeger("1.0"))
  raises("bad argument #1 to 'math.tointeger' (value expected)", math.tointeger)
end)

case("math.type knows integers only", function()
  gives({ n = 4, "integer", nil, nil, "integer" }, math.type(1), math.type("1"), math.type({}), math.type(min))
  raises("bad argument #1 to 'math.type' (value expected)", math.type)
end)

case("math.ult compares without a sign", function()
  gives({ true, false, false, true }, math.ult(1, 2), math.ult(-1, 1), math.ult(3, 3), math.ult(max, min))
  raises("bad argument #2 to 'math.ult' (number expected, got no value)", math.ult, 1)
end)

case("functions and constants of floats are absent (the manual has them)", function()
  for _, name in ipairs { "pi", "huge", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "deg", "rad",
    "modf", "frexp", "ldexp", "random", "randomseed" } do
    same(math[name], nil)
  end
end)
