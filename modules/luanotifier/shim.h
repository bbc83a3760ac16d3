/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luanotifier.ko. */
#ifndef LUANOTIFIER_SHIM_H
#define LUANOTIFIER_SHIM_H

#include <linux/types.h>

/* interfaces.c */
struct luanotifier_interfaces;

int luanotifier_begin(void);
void luanotifier_end(void);
int luanotifier_listen(void *body, struct luanotifier_interfaces **made);
bool luanotifier_take(struct luanotifier_interfaces *listener, s64 *event, char *name);
void luanotifier_go_on(struct luanotifier_interfaces *listener);
void luanotifier_leave(struct luanotifier_interfaces *listener);

/* interfaces.rs: an event, in a worker; the listener is gone, and so is its share of the body */
void luanotifier_event(void *body, s64 event, const char *name);
void luanotifier_drop(void *body);

/* chains.c */
struct luanotifier_chain;

struct luanotifier_chain *luanotifier_new(void *hook, bool keyboard);
void luanotifier_delete(struct luanotifier_chain *chain);
int luanotifier_register(struct luanotifier_chain *chain);
void luanotifier_unregister(struct luanotifier_chain *chain);

/* hook.rs: an event with what is to be told of it (chains.c); what the chain gets */
int luanotifier_call(void *hook, const s64 *values);

#endif
