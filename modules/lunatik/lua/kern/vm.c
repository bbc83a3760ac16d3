/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The virtual machine as one translation unit, so that the compiler sees all of a call: what
 * one file of Lua's offers to the others is static here and inlined where it is hot.
 */
#define LUA_CORE
#define LUA_LIB
#define ltable_c
#define lvm_c
#include "lprefix.h"
#include "luaconf.h"

#undef LUAI_FUNC
#undef LUAI_DDEC
#undef LUAI_DDEF
#define LUAI_FUNC	static
#define LUAI_DDEC(def)	/* defined before it is used */
#define LUAI_DDEF	static

#include "lzio.c"
#include "lctype.c"
#include "lopcodes.c"
#include "lmem.c"
#include "ldump.c"
#include "lstate.c"
#include "lgc.c"
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
#include "lstring.c"
#include "ltable.c"
#include "ldo.c"
#include "lvm.c"
#include "lapi.c"

#include "lauxlib.c"
#include "lbaselib.c"
#include "lcorolib.c"
#include "lstrlib.c"
#include "ltablib.c"
#include "lutf8lib.c"

#include "klayout.c"
#include "kmath.c"
#include "ktry.c"
