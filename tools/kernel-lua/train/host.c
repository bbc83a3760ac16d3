/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Runs scripts on the virtual machine as a packet hook does, so that the compiler learns which
 * way its code goes mostly (nix/lua-profile.nix). The same run always takes the same way:
 * memory comes from one place, because objects are hashed by their addresses.
 */
#include <stddef.h>
#include "lobject.h"
#include "lauxlib.h"
#include "lualib.h"
#include "ktry.h"

extern int printf(const char *, ...);
extern void *fopen(const char *, const char *);
extern size_t fread(void *, size_t, size_t, void *);
extern int fclose(void *);
extern void abort(void) __attribute__((noreturn));

unsigned int lua_kseed(void) { return 1; }
const char *lua_kstrerror(int kind) { (void)kind; return "out of bounds"; }
__attribute__((noreturn)) void lua_kpanic(void) { abort(); }
void lua_kend(void *userdata) { (void)userdata; }
int lua_krefuel(lua_State *L) { (void)L; return 0; }
void lua_kraised(lua_State *L) { (void)L; }
void lua_kprint(lua_State *L, const char *text, unsigned long length)
{
	(void)L;
	printf("%.*s\n", (int)length, text);
}

/* Blocks of powers of two; what is freed is used again. */
#define CLASSES 24
static char arena[64 << 20] __attribute__((aligned(16)));
static size_t next;
static void *unused[CLASSES];

static unsigned int class_of(size_t size)
{
	unsigned int class = 4;

	while (((size_t)1 << class) < size)
		class++;
	return class;
}

static void *allocate(void *ud, void *block, size_t old, size_t new)
{
	unsigned int from = block ? class_of(old) : 0, to = new ? class_of(new) : 0;
	void *moved = block;

	(void)ud;
	if (from == to)
		return block;
	if (to) {
		moved = unused[to];
		if (moved) {
			unused[to] = *(void **)moved;
		} else {
			if (sizeof(arena) - next < (size_t)1 << to)
				abort();
			moved = arena + next;
			next += (size_t)1 << to;
		}
		if (block)
			__builtin_memcpy(moved, block, old < new ? old : new);
	}
	if (block) {
		*(void **)block = unused[from];
		unused[from] = block;
	}
	return to ? moved : NULL;
}

/* What a packet offers, in place of the modules' classes. */
static unsigned char packet[64] = {
	0x45, 0, 0, 60, 0x1c, 0x46, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, 0, 53, 0, 40, 0, 0,
	0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't',
};

static int number(lua_State *L)
{
	long at = lua_tointeger(L, 2);

	if (!lua_touserdata(L, 1) || at < 0 || at >= (long)sizeof(packet))
		return -2;
	lua_pushinteger(L, packet[at]);
	return 1;
}

static int leaf(TValue *base, int count, int wanted)
{
	(void)wanted;
	if (count != 2 || !ttisfulluserdata(base + 1) || !ttisinteger(base + 2) ||
	    (lua_Unsigned)ivalue(base + 2) >= sizeof(packet))
		return -1;
	setivalue(base, packet[ivalue(base + 2)]);
	return 1;
}

static const lua_Leaf reads = { number, leaf };

static int string(lua_State *L)
{
	long at = lua_tointeger(L, 2), length = lua_isnoneornil(L, 3) ? 60 - at : lua_tointeger(L, 3);

	if (!lua_touserdata(L, 1) || at < 0 || length < 0 || at + length > (long)sizeof(packet))
		return -2;
	return lua_trypushlstring(L, (char *)packet + at, (size_t)length) == LUA_OK ? 1 : -1;
}

static int length(lua_State *L)
{
	lua_pushinteger(L, 60);
	return 1;
}

static int data(lua_State *L)
{
	lua_getiuservalue(L, 1, 1);
	return 1;
}

static const luaL_Reg methods[] = {
	{"getstring", string}, {"data", data}, {NULL, NULL}
};

static const char *const numbers[] = { "getuint8", "getuint16", "getuint32", "u8", "u16", "u32" };

/* An object with the methods, whose memory is, or shows, the packet. */
static void object(lua_State *L, int values)
{
	lua_Window *window = lua_newuserdatauv(L, sizeof(*window), values);
	Udata *head = (Udata *)((char *)window - udatamemoffset(values));
	unsigned int i;

	*window = (lua_Window){ packet, 60 };
	head->window = udatamemoffset(values);
	lua_createtable(L, 0, 4);
	luaL_newlib(L, methods);
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		lua_pushleaf(L, &reads);
		lua_setfield(L, -2, numbers[i]);
	}
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, length);
	lua_setfield(L, -2, "__len");
	lua_setclass(L, -2);
}

/* The script's function `hook`, if it has one, sees so many packets. */
#define PACKETS 20000

static int run(const char *path)
{
	static char script[1 << 16];
	lua_State *L = lua_newstate(allocate, NULL, 1);
	void *file = fopen(path, "r");
	size_t size;
	int i;

	if (!L || !file)
		return 1;
	size = fread(script, 1, sizeof(script), file);
	fclose(file);
	lua_setfuel(L, 1ll << 60);
	/* Rounds of a benchmark: its loops are not to outweigh the packets. */
	lua_pushinteger(L, 200);
	lua_setglobal(L, "N");
	if (lua_tryopenlibs(L) != LUA_OK || luaL_loadbufferx(L, script, size, "=script", "t") != LUA_OK ||
	    lua_trycalltb(L, 0, 0) != LUA_OK)
		goto failed;
	object(L, 2);
	object(L, 0);
	lua_setiuservalue(L, 1, 1);
	lua_getglobal(L, "hook");
	for (i = 0; i < PACKETS && lua_isfunction(L, 2); i++) {
		lua_setfuel(L, 10000);
		lua_setcstack(L, (char *)__builtin_frame_address(0) - 5120);
		lua_pushvalue(L, 2);
		lua_pushvalue(L, 1);
		if (lua_trycall(L, 1, 2) != LUA_OK)
			goto failed;
		lua_settop(L, 2);
	}
	lua_setfuel(L, 1 << 20);
	lua_close(L);
	return 0;
failed:
	printf("%s: %s\n", path, lua_tostring(L, -1));
	return 1;
}

int main(int count, char **paths)
{
	int i, status = 0;

	for (i = 1; i < count; i++)
		status |= run(paths[i]);
	return status;
}
