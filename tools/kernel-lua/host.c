/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What mlua expects of a Lua library and the kernel's leaves out. */
#include "lauxlib.h"
#include "ktry.h"

extern void *realloc(void *, size_t);
extern void free(void *);

static void *allocate(void *ud, void *block, size_t old, size_t new)
{
	(void)ud;
	(void)old;
	if (new == 0) {
		free(block);
		return NULL;
	}
	return realloc(block, new);
}

lua_State *(luaL_newstate) (void)
{
	return lua_newstate(allocate, NULL, 1);
}

void luaL_openselectedlibs (lua_State *L, int load, int preload)
{
	(void)load;
	(void)preload;
	if (lua_tryopenlibs(L) != LUA_OK)
		lua_settop(L, 0);
}

int luaL_loadfilex (lua_State *L, const char *name, const char *mode)
{
	(void)mode;
	lua_pushfstring(L, "%s: this Lua reads no files", name ? name : "stdin");
	return LUA_ERRRUN;
}

/* Libraries that mlua names and nobody opens. */
#define ABSENT(open) int open (lua_State *L) { (void)L; return 0; }
ABSENT(luaopen_io)
ABSENT(luaopen_os)
ABSENT(luaopen_debug)
ABSENT(luaopen_package)
