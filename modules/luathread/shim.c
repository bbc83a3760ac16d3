/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's threads, for sys.rs. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include "shim.h"

static_assert(sizeof_field(struct luathread_task, command) == TASK_COMM_LEN);

/* A thread keeps the module until the kernel's own code ends it. */
static int live(void *share)
{
	luathread_live(share);
	module_put_and_kthread_exit(0);
}

/* A thread that begins when it is woken, and has its share then; task and number are counted for the caller. */
int luathread_create(const char *name, size_t length, void *share, struct task_struct **task, struct pid **pid)
{
	struct task_struct *created;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	created = kthread_create(live, share, "%.*s", (int)length, name);
	if (IS_ERR(created)) {
		module_put(THIS_MODULE);
		return PTR_ERR(created);
	}
	*task = get_task_struct(created);
	*pid = get_task_pid(created, PIDTYPE_PID);
	return 0;
}

/* Takes the task from the caller. */
void luathread_wake(struct task_struct *task)
{
	wake_up_process(task);
	put_task_struct(task);
}

/* What the calling task has, if it is a thread of ours; else NULL. */
void *luathread_share(void)
{
	return (current->flags & PF_KTHREAD) && kthread_func(current) == live ? kthread_data(current) : NULL;
}

/* The calling task's number, counted for the caller: a task that nobody looks at any more goes, however long scripts have
 * its number. */
struct pid *luathread_current(void)
{
	return get_task_pid(current, PIDTYPE_PID);
}

void luathread_put(struct pid *pid)
{
	put_pid(pid);
}

/* Whether there is a task with this number that lives, which it may not do for long. */
bool luathread_describe(struct pid *pid, struct luathread_task *description)
{
	struct task_struct *task;
	bool lives;

	rcu_read_lock();
	task = pid_task(pid, PIDTYPE_PID);
	lives = task && !READ_ONCE(task->exit_state);
	if (lives) {
		description->pid = task_pid_nr(task);
		description->tgid = task_tgid_nr(task);
		description->cpu = task_cpu(task);
		get_task_comm(description->command, task);
	}
	rcu_read_unlock();
	return lives;
}
