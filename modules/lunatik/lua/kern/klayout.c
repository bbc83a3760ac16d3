/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What modules/common/lua/src/raw.rs says about these structures, held against them. */
#include "lprefix.h"
#include "lobject.h"
#include "lstate.h"

#define AT(type, member, offset) \
	_Static_assert(offsetof(type, member) == (offset), #type "." #member ": see raw.rs")

_Static_assert(sizeof(void *) == 8, "raw.rs is for 64-bit machines");
_Static_assert(sizeof(StackValue) == 16, "StackValue: see raw.rs");
AT(TValue, value_, 0);
AT(TValue, tt_, 8);
AT(TString, shrlen, 11);
AT(TString, u.lnglen, 16);
AT(TString, contents, 24);
AT(Udata, nuvalue, 10);
AT(Udata, window, 12);
AT(lua_Window, base, 0);
AT(lua_Window, length, 8);
_Static_assert(udatamemoffset(0) == 40 && udatamemoffset(2) == 48 + 2 * 16, "Udata: see raw.rs");
AT(CallInfo, func, 0);
AT(lua_State, fuel, 16);
AT(lua_State, top, 24);
AT(lua_State, ci, 40);
_Static_assert(LUA_VNIL == 0 && LUA_VFALSE == 0x01 && LUA_VTRUE == 0x11 && LUA_VNUMINT == 0x03, "tags: see raw.rs");
_Static_assert(ctb(LUA_VSHRSTR) == 0x44 && ctb(LUA_VLNGSTR) == 0x54 && ctb(LUA_VUSERDATA) == 0x47, "tags: see raw.rs");
