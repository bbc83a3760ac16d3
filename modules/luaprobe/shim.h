/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luaprobe.ko. */
#ifndef LUAPROBE_SHIM_H
#define LUAPROBE_SHIM_H

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/types.h>

/* What is known of a hit: the registers then, the task, and who had called the function. */
#define LUAPROBE_TRACE	20

struct luaprobe_event {
	void *address;
	struct pt_regs regs;
	pid_t pid;
	char task[TASK_COMM_LEN];
	unsigned int traced;
	unsigned long trace[LUAPROBE_TRACE];
};

/* hit.c */
struct luaprobe;

int luaprobe_begin(void);
void luaprobe_end(void);
int luaprobe_check(const char *symbol, void *address);
struct luaprobe *luaprobe_new(void *hook, const char *symbol, void *address, bool post);
void luaprobe_delete(struct luaprobe *probe);
int luaprobe_start(struct luaprobe *probe);
void luaprobe_stop(struct luaprobe *probe);
void luaprobe_want(struct luaprobe *probe, bool wanted);
void luaprobe_rest(struct luaprobe *probe);
u64 luaprobe_missed(struct luaprobe *probe);
const struct luaprobe_event *luaprobe_told(void);

/* shown.c: about the hit that is being told on this CPU */
bool luaprobe_dump(const char *script);
bool luaprobe_argument(unsigned int n, u64 *value);

/* hook.rs: a hit, with interrupts off */
void luaprobe_call(void *hook);

#endif
