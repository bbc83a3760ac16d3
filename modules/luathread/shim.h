/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. */
#ifndef LUATHREAD_SHIM_H
#define LUATHREAD_SHIM_H

#include <linux/types.h>

struct pid;
struct task_struct;

struct luathread_task {
	s64 pid, tgid, cpu;
	char command[16];	/* TASK_COMM_LEN */
};

int luathread_create(const char *name, size_t length, void *share, struct task_struct **task, struct pid **pid);
void luathread_wake(struct task_struct *task);
void *luathread_share(void);
struct pid *luathread_current(void);
void luathread_put(struct pid *pid);
bool luathread_describe(struct pid *pid, struct luathread_task *description);

/* sys.rs: the life of a thread, which ends with its share */
void luathread_live(void *share);

#endif
