/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What compiled functions say: which lines they have, which globals they name, which of their lines run. */
#include "lprefix.h"
#include "lua.h"
#include "ldebug.h"
#include "lobject.h"
#include "lopcodes.h"
#include "lstate.h"

extern unsigned long strlen(const char *);

struct lua_kvisitor {
	void *data;
	void (*line)(void *data, int line);
	void (*global)(void *data, int line, const char *name, size_t length, int set);
};

extern void lua_kline(lua_State *L, const char *source, size_t length, int line);

static int is_environment(const Proto *p, int upvalue)
{
	const char *name = upvalue < p->sizeupvalues && p->upvalues[upvalue].name ? getstr(p->upvalues[upvalue].name) : "";

	return strlen(name) == 4 && name[0] == '_' && name[1] == 'E' && name[2] == 'N' && name[3] == 'V';
}

static void tell(const Proto *p, const struct lua_kvisitor *visitor, int line, int constant, int set)
{
	if (constant >= 0 && constant < p->sizek && ttisstring(&p->k[constant])) {
		const TString *name = tsvalue(&p->k[constant]);

		visitor->global(visitor->data, line, getstr(name), tsslen(name), set);
	}
}

/* The line of an instruction, given that of the one before. `absolute` is the next that has its line to itself. */
static int next_line(const Proto *p, int pc, int line, int *absolute)
{
	if (!p->lineinfo)
		return line;
	if (p->lineinfo[pc] != ABSLINEINFO)
		return line + p->lineinfo[pc];
	while (*absolute < p->sizeabslineinfo && p->abslineinfo[*absolute].pc < pc)
		(*absolute)++;
	return *absolute < p->sizeabslineinfo ? p->abslineinfo[*absolute].line : line;
}

/*
 * Globals are fields of the upvalue _ENV. A function with many constants has the table in a register first, and
 * perhaps the name in another.
 */
static void visit(const Proto *p, const struct lua_kvisitor *visitor)
{
	int line = p->linedefined, absolute = 0, environment = -1, pc;
	int constants[MAX_FSTACK + 1];

	for (pc = 0; pc <= MAX_FSTACK; pc++)
		constants[pc] = -1;
	for (pc = 0; pc < p->sizecode; pc++) {
		Instruction i = p->code[pc];
		int a = GETARG_A(i);

		line = next_line(p, pc, line, &absolute);
		visitor->line(visitor->data, line);
		switch (GET_OPCODE(i)) {
		case OP_GETTABUP:
			if (is_environment(p, GETARG_B(i)))
				tell(p, visitor, line, GETARG_C(i), 0);
			constants[a] = -1;
			break;
		case OP_SETTABUP:
			if (is_environment(p, a))
				tell(p, visitor, line, GETARG_B(i), 1);
			break;
		case OP_GETUPVAL:
			environment = is_environment(p, GETARG_B(i)) ? a : environment == a ? -1 : environment;
			constants[a] = -1;
			break;
		case OP_LOADK:
			constants[a] = GETARG_Bx(i);
			break;
		case OP_GETFIELD:
		case OP_GETTABLE:
			if (GETARG_B(i) == environment) {
				int key = GETARG_C(i);

				tell(p, visitor, line, GET_OPCODE(i) == OP_GETFIELD ? key : constants[key], 0);
			}
			environment = a == environment ? -1 : environment;
			constants[a] = -1;
			break;
		case OP_SETFIELD:
		case OP_SETTABLE:
			if (a == environment) {
				int key = GETARG_B(i);

				tell(p, visitor, line, GET_OPCODE(i) == OP_SETFIELD ? key : constants[key], 1);
				environment = -1;
			}
			break;
		default:
			break;
		}
	}
	for (pc = 0; pc < p->sizep; pc++)
		visit(p->p[pc], visitor);
}

/* Visits the Lua function on top of the stack, and those in it. */
void lua_kvisit(lua_State *L, const struct lua_kvisitor *visitor)
{
	const TValue *top = s2v(L->top.p - 1);

	if (ttisLclosure(top))
		visit(clLvalue(top)->p, visitor);
}

/* How many machines are watched; see build.rs. */
int lua_kwatched;

static int line_of(const Proto *p, int at)
{
	int line = p->linedefined, absolute = 0, pc;

	for (pc = 0; pc <= at && pc < p->sizelineinfo; pc++)
		line = next_line(p, pc, line, &absolute);
	return line;
}

/* An instruction of a function is about to run. */
void lua_ktrace(lua_State *L, const Proto *p, const Instruction *pc)
{
	if (p->source && p->lineinfo)
		lua_kline(L, getstr(p->source), tsslen(p->source), line_of(p, (int)(pc - p->code)));
}
