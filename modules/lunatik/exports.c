/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What binding modules link to: the Rust symbols of both crates, and the part of Lua's
 * C API that the crate `lua` calls from code compiled into them. */
#include <linux/export.h>

#define EXPORT_RUST(symbol) extern int symbol; EXPORT_SYMBOL_GPL(symbol)
#include "exports_generated.h"

#define EXPORT_LUA(symbol) extern int symbol(void); EXPORT_SYMBOL_GPL(symbol)
EXPORT_LUA(lua_gettop);
EXPORT_LUA(lua_settop);
EXPORT_LUA(lua_absindex);
EXPORT_LUA(lua_pushvalue);
EXPORT_LUA(lua_rotate);
EXPORT_LUA(lua_type);
EXPORT_LUA(lua_toboolean);
EXPORT_LUA(lua_tointegerx);
EXPORT_LUA(lua_tolstring);
EXPORT_LUA(lua_touserdata);
EXPORT_LUA(lua_rawlen);
EXPORT_LUA(lua_pushnil);
EXPORT_LUA(lua_pushboolean);
EXPORT_LUA(lua_pushinteger);
EXPORT_LUA(lua_pushlightuserdata);
EXPORT_LUA(lua_pushcclosure);
EXPORT_LUA(lua_rawgetp);
EXPORT_LUA(lua_rawgeti);
EXPORT_LUA(lua_getmetatable);
EXPORT_LUA(lua_setmetatable);
EXPORT_LUA(lua_setclass);
EXPORT_LUA(lua_setiuservalue);
EXPORT_LUA(lua_getiuservalue);
EXPORT_LUA(luaL_unref);
EXPORT_LUA(luaL_loadbufferx);
EXPORT_LUA(lua_gc);
EXPORT_LUA(lua_setfuel);
EXPORT_LUA(lua_getfuel);
EXPORT_LUA(lua_trypushlstring);
EXPORT_LUA(lua_trynewuserdata);
EXPORT_LUA(lua_trynewtable);
EXPORT_LUA(lua_tryrawset);
EXPORT_LUA(lua_tryrawseti);
EXPORT_LUA(lua_tryrawsetp);
EXPORT_LUA(lua_tryref);
EXPORT_LUA(lua_trycheckstack);
EXPORT_LUA(lua_trysetfield);
EXPORT_LUA(lua_trygetfield);
EXPORT_LUA(lua_trygettable);
EXPORT_LUA(lua_trynext);
EXPORT_LUA(lua_trytolstring);
EXPORT_LUA(lua_trynewthread);
EXPORT_LUA(lua_tryopenlibs);
EXPORT_LUA(lua_trycall);
EXPORT_LUA(lua_trycalltb);
EXPORT_LUA(lua_khold);
EXPORT_LUA(lua_krelease);
EXPORT_LUA(lua_setcstack);

/* what the generic code of sync.rs and of Callback::call calls, compiled into them */
EXPORT_LUA(lunatik_bh_pin);
EXPORT_LUA(lunatik_global_lock);
EXPORT_LUA(lunatik_global_unlock);
EXPORT_LUA(lunatik_spin_init);
EXPORT_LUA(lunatik_spin_lock);
EXPORT_LUA(lunatik_spin_unlock);
EXPORT_LUA(lunatik_rcu_read_lock);
EXPORT_LUA(lunatik_rcu_read_unlock);

/* whether a sleep on behalf of a script shall end: for the shims of what sleeps */
EXPORT_LUA(lunatik_leaving);
