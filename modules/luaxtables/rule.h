/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What a rule says to -m lua and -j LUA, revision 0: tools/xtables writes it. */
#ifndef LUAXTABLES_RULE_H
#define LUAXTABLES_RULE_H

#include <linux/types.h>

#define LUAXTABLES_TCP_PAYLOAD	1

struct luaxtables_rule {
	/* The name of a global function, and zeros. */
	char function[1024];
	/* Asks only while the script has one of these bits set, unless 0. */
	__u32 mask;
	__u32 flags;
};

#endif
