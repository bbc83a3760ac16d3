/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* integer-only math library (same names as lmathlib, no floats) */
#include "lua.h"
#include "lauxlib.h"
#include "lualib.h"
static int m_abs (lua_State *L) {
  lua_Integer n = luaL_checkinteger(L, 1);
  lua_pushinteger(L, n < 0 ? (lua_Integer)(0u - (lua_Unsigned)n) : n);
  return 1;
}
static int m_toint (lua_State *L) {
  int ok; lua_Integer n = lua_tointegerx(L, 1, &ok);
  if (ok) lua_pushinteger(L, n);
  else { luaL_checkany(L, 1); luaL_pushfail(L); }
  return 1;
}
static int m_id (lua_State *L) { lua_pushinteger(L, luaL_checkinteger(L, 1)); return 1; }
static int m_fmod (lua_State *L) {
  lua_Integer a = luaL_checkinteger(L, 1), d = luaL_checkinteger(L, 2);
  luaL_argcheck(L, d != 0, 2, "zero");
  lua_pushinteger(L, d == -1 ? 0 : a % d);
  return 1;
}
static int m_ult (lua_State *L) {
  lua_pushboolean(L, (lua_Unsigned)luaL_checkinteger(L, 1) < (lua_Unsigned)luaL_checkinteger(L, 2));
  return 1;
}
static int minmax (lua_State *L, int max) {
  int n = lua_gettop(L), k = 1, i;
  lua_Integer best = luaL_checkinteger(L, 1);
  lua_charge(L, (size_t)n >> 2);
  for (i = 2; i <= n; i++) {
    lua_Integer v = luaL_checkinteger(L, i);
    if (max ? best < v : v < best) {
      best = v;
      k = i;
    }
  }
  lua_pushvalue(L, k);
  return 1;
}
static int m_min (lua_State *L) { return minmax(L, 0); }
static int m_max (lua_State *L) { return minmax(L, 1); }
static int m_type (lua_State *L) {
  if (lua_type(L, 1) == LUA_TNUMBER) lua_pushliteral(L, "integer");
  else { luaL_checkany(L, 1); luaL_pushfail(L); }
  return 1;
}
static const luaL_Reg lib[] = {
  {"abs", m_abs}, {"ceil", m_id}, {"floor", m_id}, {"tointeger", m_toint},
  {"fmod", m_fmod}, {"ult", m_ult}, {"min", m_min}, {"max", m_max}, {"type", m_type},
  {NULL, NULL}
};
LUAMOD_API int luaopen_math (lua_State *L) {
  luaL_newlib(L, lib);
  lua_pushinteger(L, LUA_MAXINTEGER); lua_setfield(L, -2, "maxinteger");
  lua_pushinteger(L, LUA_MININTEGER); lua_setfield(L, -2, "mininteger");
  return 1;
}
