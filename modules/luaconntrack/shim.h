/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. */
#ifndef LUACONNTRACK_SHIM_H
#define LUACONNTRACK_SHIM_H

#include "../luaskb/shim.h"

struct net;

struct net *luaconntrack_namespace(void);
void luaconntrack_leave(struct net *net);
struct nf_conn *luaconntrack_find(struct net *net, const struct luaskb_tuple *tuple, u16 zone);
void luaconntrack_put(struct nf_conn *flow);

#endif
