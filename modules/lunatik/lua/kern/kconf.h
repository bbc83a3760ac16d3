/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
** kconf.h - PUC-Rio Lua inside the kernel: integer-only, no libc.
** Included at the end of luaconf.h when LUA_KERNEL is defined.
*/
#ifndef kconf_h
#define kconf_h

/* numbers: one subtype. 'lua_Number' is an alias of 'lua_Integer' */
#define LUA_INTONLY	1
#undef LUA_NUMBER
#undef LUAI_UACNUMBER
#undef LUA_NUMBER_FRMLEN
#undef LUA_NUMBER_FMT
#undef LUA_NUMBER_FMT_N
#undef l_floatatt
#undef l_mathop
#undef l_floor
#undef lua_str2number
#undef lua_strx2number
#undef lua_number2strx
#undef lua_getlocaledecpoint
#define LUA_NUMBER		long long
#define LUAI_UACNUMBER		long long
#define LUA_NUMBER_FRMLEN	"ll"
#define LUA_NUMBER_FMT		"%lld"
#define LUA_NUMBER_FMT_N	"%lld"
#define l_floatatt(n)		(LK_##n)
#define LK_DIG			19
#define LK_MANT_DIG		64
#define LK_MAX_10_EXP		19
#define l_floor(x)		(x)
#define lua_numbertointeger(n,p)	(*(p) = (n), 1)
#define abs(x)			__builtin_abs(x)
#define l_hashfloat(n)		((unsigned)(n))
#define lua_getlocaledecpoint()	'.'
#define lua_strx2number(s,p)	lua_str2number(s,p)
#define luai_numdiv(L,a,b)	luaV_idiv(L,a,b)
#define luai_numidiv(L,a,b)	luaV_idiv(L,a,b)
#define luai_nummod(L,a,b,m)	{ (m) = luaV_mod(L,a,b); }
#define luai_numpow(L,a,b)	((void)L, (void)(a), (void)(b), 0)
/* no decimal numeral is a float: reject all */
static inline long long lua_str2number (const char *s, char **e) {
  if (e) *e = (char *)s;
  return 0;
}

#define LUA_MAXNUMERAL	256  /* longest string coerced to a number */

/* small stacks */
#ifndef LUAI_MAXCCALLS
#define LUAI_MAXCCALLS		60
#endif
#define MAXCCALLS		32	/* lstrlib.c recursion of 'match' */
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE		256
#undef LUAI_MAXALIGN
#define LUAI_MAXALIGN		void *s; long long l
#define MINSIZE_LUA_ALIGN	8

/* environment (supplied by the embedding) */
#define l_signalT		int
#define luai_makeseed(L)	lua_kseed()
extern unsigned int lua_kseed (void);
struct lua_State;
/* one line of 'print', without its end; L is NULL for the library's own warnings */
extern void lua_kprint (struct lua_State *L, const char *s, unsigned long l);
extern void lua_kpanic (void) __attribute__((noreturn));
#define lua_writestringerror(s,p) ((void)(p), lua_kprint(NULL, (s), sizeof(s) - 1))

/*
 * The fuel of a thread is spent: whether the host gave it more, which it may hold back. The
 * call is rare and costs its caller no registers.
 */
extern int lua_krefuel (struct lua_State *L);
#if defined(__clang__)
#define lua_kcold	__attribute__((preserve_most)) void
#else
#define lua_kcold	void
#endif
/* an error that the host will get, or spent fuel: the stack is still as it was */
extern void lua_kraised (struct lua_State *L);

/* the '__gc' of the host's objects, for which the collector calls 'lua_kend' with the Udata */
extern int lua_kfinalize (struct lua_State *L);
extern void lua_kend (void *userdata);

/* message for a negative result of a C function */
extern const char *lua_kstrerror (int kind);

/* errors: a register save (8 words on x86_64, 13 on aarch64), see ksetjmp.S */
#define luai_jmpbuf		lua_kjmpbuf
typedef struct { unsigned long r[13]; } lua_kjmpbuf;
extern int lua_ksetjmp (lua_kjmpbuf *b) __attribute__((returns_twice));
extern void lua_klongjmp (lua_kjmpbuf *b, int v) __attribute__((noreturn));
/* lua.h and lauxlib.h do not say that these never return; objtool wants to know */
extern int lua_error (struct lua_State *L) __attribute__((noreturn));
extern int luaL_error (struct lua_State *L, const char *fmt, ...) __attribute__((noreturn));
extern int luaL_argerror (struct lua_State *L, int arg, const char *msg) __attribute__((noreturn));
extern int luaL_typeerror (struct lua_State *L, int arg, const char *name) __attribute__((noreturn));
/* a buffer that is written before it is read, whatever the compiler fills others with */
#if defined(__clang__)
#define lua_kuninitialized	__attribute__((uninitialized))
#else
#define lua_kuninitialized
#endif
/* eight or four bytes at any address */
static inline unsigned long long lua_kword (const char *s) {
  unsigned long long w;
  __builtin_memcpy(&w, s, sizeof(w));
  return w;
}
static inline unsigned int lua_khalf (const char *s) {
  unsigned int w;
  __builtin_memcpy(&w, s, sizeof(w));
  return w;
}
static inline void lua_ksetword (char *s, unsigned long long w) {
  __builtin_memcpy(s, &w, sizeof(w));
}
#define LUAI_THROW(L,c)		lua_klongjmp(&(c)->b, 1)
#define LUAI_TRY(L,c,f,ud)	if (lua_ksetjmp(&(c)->b) == 0) ((f)(L, ud))

#endif
