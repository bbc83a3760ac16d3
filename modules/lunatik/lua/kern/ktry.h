/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* See ktry.c. */
#ifndef ktry_h
#define ktry_h

#include "lua.h"

LUA_API int lua_trypushlstring (lua_State *L, const char *s, size_t length);
LUA_API int lua_trynewuserdata (lua_State *L, size_t size, int values, void **out);
LUA_API int lua_trynewtable (lua_State *L, int array, int records);
LUA_API int lua_tryrawset (lua_State *L, int index);
LUA_API int lua_tryrawseti (lua_State *L, int index, lua_Integer n);
LUA_API int lua_tryrawsetp (lua_State *L, int index, const void *key);
LUA_API int lua_tryref (lua_State *L, int *out);
LUA_API int lua_trycheckstack (lua_State *L, int n);
LUA_API int lua_trysetfield (lua_State *L, int index, const char *name);
LUA_API int lua_trygetfield (lua_State *L, int index, const char *name);
LUA_API int lua_trygettable (lua_State *L, int index);
LUA_API int lua_trynext (lua_State *L, int index, int *more);
LUA_API int lua_trytolstring (lua_State *L, int index);
LUA_API int lua_trynewthread (lua_State *L);
LUA_API int lua_trynewcoroutine (lua_State *L);
LUA_API int lua_tryresume (lua_State *L, int index, int arguments, int *results);
LUA_API int lua_tryclosethread (lua_State *L, int index);
LUA_API int lua_tryopenlibs (lua_State *L);
LUA_API int lua_trycall (lua_State *L, int arguments, int results);
LUA_API int lua_trycalltb (lua_State *L, int arguments, int results);
LUA_API void lua_khearerrors (lua_State *L);
LUA_API int lua_kwhere (lua_State *L, int level, char source[LUA_IDSIZE], const char **name);
LUA_API unsigned long long lua_kcallsite (lua_State *L);

#endif
