/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Lua's API for callers that must not be jumped over: each function runs the raw
 * one in protected mode, returns its status and leaves the error message, instead of
 * a result, on top of the stack.
 */
#include "lprefix.h"
#include "lua.h"
#include "lauxlib.h"
#include "lualib.h"
#include "lapi.h"
#include "ldebug.h"
#include "ldo.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"
#include "ktry.h"

struct request {
	union { const char *string; const void *key; } name;
	size_t size;
	void *memory;
	lua_Integer n;
	int index;
	int reference;
};

static int try (lua_State *L, Pfunc f, struct request *request, int consumed)
{
	/* on error, what the function would have consumed goes too */
	ptrdiff_t handler = L->errfunc == LUAI_HOSTHANDLER ? LUAI_HOSTHANDLER : 0;
	TStatus status = luaD_pcall(L, f, request, savestack(L, L->top.p - consumed), handler);
	return APIstatus(status);
}

#define BODY(name) static void name (lua_State *L, void *ud)
#define ASKED struct request *r = ud

BODY(pushlstring) { ASKED; lua_pushlstring(L, r->name.string, r->size); }
BODY(newuserdata) { ASKED; r->memory = lua_newuserdatauv(L, r->size, r->index); }
BODY(newtable) { ASKED; lua_createtable(L, r->index, (int)r->n); }
BODY(rawset) { ASKED; lua_rawset(L, r->index); }
BODY(rawseti) { ASKED; lua_rawseti(L, r->index, r->n); }
BODY(rawsetp) { ASKED; lua_rawsetp(L, r->index, r->name.key); }
BODY(ref) { ASKED; r->reference = luaL_ref(L, LUA_REGISTRYINDEX); }
BODY(setfield) { ASKED; lua_setfield(L, r->index, r->name.string); }
BODY(getfield) { ASKED; lua_getfield(L, r->index, r->name.string); }
BODY(tolstring) { ASKED; luaL_tolstring(L, r->index, NULL); }
BODY(indexed) { ASKED; lua_gettable(L, r->index); }
BODY(following) { ASKED; r->reference = lua_next(L, r->index); }
BODY(newthread) { (void)ud; lua_newthread(L); }

/* the function on top becomes a coroutine that calls it */
BODY(newcoroutine)
{
	lua_State *thread = lua_newthread(L);
	(void)ud;
	lua_insert(L, -2);
	lua_xmove(L, thread, 1);
}

/* moves 'n' arguments to the coroutine at 'index', and its results back */
BODY(resumed)
{
	ASKED;
	lua_State *thread = lua_tothread(L, r->index);
	int arguments = (int)r->n, results = 0, status;
	if (!lua_checkstack(thread, arguments))
		luaL_error(L, "too many arguments to resume");
	lua_xmove(L, thread, arguments);
	status = lua_resume(thread, L, arguments, &results);
	if (status == LUA_OK || status == LUA_YIELD) {
		if (!lua_checkstack(L, results + LUA_MINSTACK)) {
			lua_pop(thread, results);
			luaL_error(L, "too many results to resume");
		}
		lua_xmove(thread, L, results);
		r->reference = results;
		return;
	}
	lua_xmove(thread, L, 1);
	/* not if it only could not be resumed */
	if (lua_status(thread) != LUA_OK && lua_status(thread) != LUA_YIELD) {
		lua_closethread(thread, L);
		lua_settop(thread, 0);
	}
	lua_error(L);
}

BODY(closedthread)
{
	ASKED;
	lua_State *thread = lua_tothread(L, r->index);
	lua_closethread(thread, L);
	lua_settop(thread, 0);
}

BODY(checkstack)
{
	ASKED;
	luaL_checkstack(L, r->index, NULL);
}

BODY(openlibs)
{
	static const luaL_Reg libraries[] = {
		{LUA_GNAME, luaopen_base}, {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
		{LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},
		{NULL, NULL}
	};
	const luaL_Reg *library;
	(void)ud;
	for (library = libraries; library->func; library++) {
		luaL_requiref(L, library->name, library->func, 1);
		lua_pop(L, 1);
	}
}

int lua_trypushlstring (lua_State *L, const char *s, size_t length)
{
	/* mostly nothing can go wrong: it is there, or there is memory for it */
	if (length <= LUAI_MAXSHORTLEN) {
		TString *string = luaS_tryshrstr(L, s, length);
		if (string != NULL) {
			setsvalue2s(L, L->top.p, string);
			L->top.p++;
			luaC_checkGC(L);
			return LUA_OK;
		}
	}
	struct request r = { .name.string = s, .size = length };
	return try(L, pushlstring, &r, 0);
}

int lua_trynewuserdata (lua_State *L, size_t size, int values, void **out)
{
	struct request r = { .size = size, .index = values };
	int status = try(L, newuserdata, &r, 0);
	*out = r.memory;
	return status;
}

int lua_trynewtable (lua_State *L, int array, int records)
{
	struct request r = { .index = array, .n = records };
	return try(L, newtable, &r, 0);
}

int lua_tryrawset (lua_State *L, int index)
{
	struct request r = { .index = index };
	return try(L, rawset, &r, 2);
}

int lua_tryrawseti (lua_State *L, int index, lua_Integer n)
{
	struct request r = { .index = index, .n = n };
	return try(L, rawseti, &r, 1);
}

int lua_tryrawsetp (lua_State *L, int index, const void *key)
{
	struct request r = { .index = index, .name.key = key };
	return try(L, rawsetp, &r, 1);
}

int lua_tryref (lua_State *L, int *out)
{
	struct request r = { .reference = LUA_NOREF };
	int status = try(L, ref, &r, 1);
	*out = r.reference;
	return status;
}

int lua_trycheckstack (lua_State *L, int n)
{
	struct request r = { .index = n };
	return try(L, checkstack, &r, 0);
}

int lua_trysetfield (lua_State *L, int index, const char *name)
{
	struct request r = { .index = index, .name.string = name };
	return try(L, setfield, &r, 1);
}

int lua_trygetfield (lua_State *L, int index, const char *name)
{
	struct request r = { .index = index, .name.string = name };
	return try(L, getfield, &r, 0);
}

int lua_trygettable (lua_State *L, int index)
{
	struct request r = { .index = index };
	return try(L, indexed, &r, 1);
}

int lua_trynext (lua_State *L, int index, int *more)
{
	struct request r = { .index = index };
	int status = try(L, following, &r, 1);
	*more = r.reference;
	return status;
}

int lua_trytolstring (lua_State *L, int index)
{
	struct request r = { .index = index };
	return try(L, tolstring, &r, 0);
}

int lua_trynewthread (lua_State *L)
{
	struct request r = { 0 };
	return try(L, newthread, &r, 0);
}

int lua_trynewcoroutine (lua_State *L)
{
	struct request r = { 0 };
	return try(L, newcoroutine, &r, 1);
}

int lua_tryresume (lua_State *L, int index, int arguments, int *results)
{
	struct request r = { .index = lua_absindex(L, index), .n = arguments };
	int status = try(L, resumed, &r, arguments);
	*results = r.reference;
	return status;
}

int lua_tryclosethread (lua_State *L, int index)
{
	struct request r = { .index = index };
	return try(L, closedthread, &r, 0);
}

int lua_tryopenlibs (lua_State *L)
{
	struct request r = { 0 };
	return try(L, openlibs, &r, 0);
}

/* lua_pcall without a handler, as one function: every packet comes through here. */
int lua_trycall (lua_State *L, int arguments, int results)
{
	CallInfo *ci = L->ci;
	ptrdiff_t function = savestack(L, L->top.p - (arguments + 1));
	ptrdiff_t handler = L->errfunc;
	l_uint32 calls = L->nCcalls;
	lu_byte hooks = L->allowhook;
	lua_longjmp here lua_kuninitialized;  /* nothing is read that was not written */
	TStatus status;

	here.status = LUA_OK;
	here.previous = L->errorJmp;
	L->errorJmp = &here;
	if (handler != LUAI_HOSTHANDLER)
		L->errfunc = 0;
	if (lua_ksetjmp(&here.b) == 0)
		luaD_callnoyield(L, restorestack(L, function), results);
	L->errorJmp = here.previous;
	L->nCcalls = calls;
	status = here.status;
	if (l_unlikely(status != LUA_OK)) {
		L->ci = ci;
		L->allowhook = hooks;
		status = luaD_closeprotected(L, function, status);
		luaD_seterrorobj(L, status, restorestack(L, function));
		luaD_shrinkstack(L);
	}
	L->errfunc = handler;
	adjustresults(L, results);
	return APIstatus(status);
}

static int traceback (lua_State *L)
{
	const char *message = lua_tostring(L, 1);
	if (message == NULL)
		message = luaL_tolstring(L, 1, NULL);
	luaL_traceback(L, L, message, 1);
	return 1;
}

int lua_trycalltb (lua_State *L, int arguments, int results)
{
	int base = lua_gettop(L) - arguments;
	int status;
	lua_pushcfunction(L, traceback);
	lua_insert(L, base);
	status = lua_pcall(L, arguments, results, base);
	lua_remove(L, base);
	return status;
}

/* From here on 'lua_kraised' hears of errors that no Lua code of the main thread catches. */
void lua_khearerrors (lua_State *L)
{
	L->errfunc = LUAI_HOSTHANDLER;
}

/*
 * Where the call at 'level' is (0: the running one): its line, with the chunk's name as messages
 * have it in 'source' and the function's name, or NULL. -1: not in Lua; -2: there is no such call.
 */
int lua_kwhere (lua_State *L, int level, char source[LUA_IDSIZE], const char **name)
{
	lua_Debug ar;
	if (!lua_getstack(L, level, &ar))
		return -2;
	lua_getinfo(L, "Sln", &ar);
	memcpy(source, ar.short_src, sizeof(ar.short_src));
	*name = ar.name;
	return ar.currentline;
}

#define SITE_SOURCE	256	/* bytes of a chunk's name that tell it from others */

/*
 * The call instruction that runs the current C function, as a number that is the same in
 * each state that runs the same chunk. 0: no Lua function calls it.
 */
unsigned long long lua_kcallsite (lua_State *L)
{
	unsigned long long site = 0xcbf29ce484222325ULL;
	CallInfo *ci = L->ci;
	const Proto *p;
	const char *source = "";
	size_t length = 0, i;
	while (ci != NULL && !isLua(ci))
		ci = ci->previous;
	if (ci == NULL)
		return 0;
	p = ci_func(ci)->p;
	if (p->source)
		source = getlstr(p->source, length);
	for (i = 0; i < length && i < SITE_SOURCE; i++)
		site = (site ^ (unsigned char)source[i]) * 0x100000001b3ULL;
	site = (site ^ length) * 0x100000001b3ULL;
	site = (site ^ (unsigned)p->linedefined) * 0x100000001b3ULL;
	return (site ^ (unsigned)pcRel(ci->u.l.savedpc, p)) * 0x100000001b3ULL | 1;
}

/* Stands for 'lua_kend' in metatables; nobody calls it. */
int lua_kfinalize (lua_State *L)
{
	(void)L;
	return 0;
}
