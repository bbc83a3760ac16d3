/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luacompletion_main.rs. */
#ifndef LUACOMPLETION_SHIM_H
#define LUACOMPLETION_SHIM_H

#include <linux/types.h>
#include <linux/wait.h>

void luacompletion_init(struct wait_queue_head *queue);
void luacompletion_complete(struct wait_queue_head *queue, unsigned int *done);
int luacompletion_wait(struct wait_queue_head *queue, unsigned int *done, s64 milliseconds);

/* lunatik.ko: whether the script shall end */
bool lunatik_leaving(void);

#endif
