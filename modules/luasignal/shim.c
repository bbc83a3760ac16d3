/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's signals, for sys.rs. */
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include "shim.h"

bool luasignal_exists(s64 signal)
{
	return signal > 0 && valid_signal((unsigned long)signal);
}

/* For the task that runs this, until it says otherwise itself: SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK. */
int luasignal_mask(int signal, int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return sigprocmask(how, &set, NULL);
}

bool luasignal_pending(void)
{
	return signal_pending(current);
}

static bool holds(const sigset_t *set, int signal)
{
	return sigismember((sigset_t *)set, signal);
}

bool luasignal_is_blocked(int signal)
{
	return holds(&current->blocked, signal);
}

bool luasignal_is_pending(int signal)
{
	bool pending;

	spin_lock_irq(&current->sighand->siglock);
	pending = holds(&current->pending.signal, signal) || holds(&current->signal->shared_pending.signal, signal);
	spin_unlock_irq(&current->sighand->siglock);
	return pending;
}

bool luasignal_is_ignored(int signal)
{
	bool ignored;

	spin_lock_irq(&current->sighand->siglock);
	ignored = current->sighand->action[signal - 1].sa.sa_handler == SIG_IGN;
	spin_unlock_irq(&current->sighand->siglock);
	return ignored;
}

/* As kill(2) of the task that runs this: what protects itself from root is protected. */
int luasignal_kill(int pid, int signal)
{
	struct pid *target = find_get_pid(pid);
	int status = -ESRCH;

	if (target)
		status = kill_pid(target, signal, 0);
	put_pid(target);
	return status;
}
