/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What scripts are shown of a hit, for hook.rs. */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/smp.h>
#include "shim.h"

/* With interrupts off the log is slow. */
static DEFINE_RATELIMIT_STATE(dumps, 5 * HZ, 10);

static void show_registers(const struct pt_regs *regs)
{
#ifdef CONFIG_X86_64
	pr_info("lunatik:   ax %016lx bx %016lx cx %016lx dx %016lx\n", regs->ax, regs->bx, regs->cx, regs->dx);
	pr_info("lunatik:   si %016lx di %016lx bp %016lx sp %016lx\n", regs->si, regs->di, regs->bp, regs->sp);
	pr_info("lunatik:   r8 %016lx r9 %016lx r10 %016lx r11 %016lx\n", regs->r8, regs->r9, regs->r10, regs->r11);
	pr_info("lunatik:   r12 %016lx r13 %016lx r14 %016lx r15 %016lx\n", regs->r12, regs->r13, regs->r14, regs->r15);
	pr_info("lunatik:   ip %016lx flags %016lx\n", regs->ip, regs->flags);
#elif defined(CONFIG_ARM64)
	const u64 *x = regs->regs;
	unsigned int i;

	for (i = 0; i < 28; i += 4)
		pr_info("lunatik:   x%u %016llx %016llx %016llx %016llx\n", i, x[i], x[i + 1], x[i + 2], x[i + 3]);
	pr_info("lunatik:   x28 %016llx %016llx %016llx sp %016llx\n", x[28], x[29], x[30], regs->sp);
	pr_info("lunatik:   pc %016llx pstate %016llx\n", regs->pc, regs->pstate);
#endif
}

/* The trace begins with the probe's own calls: whoever called the function comes after it. */
static unsigned int callers(const struct luaprobe_event *event)
{
	unsigned long at = (unsigned long)event->address;
	unsigned int i;

	for (i = 0; i < event->traced; i++)
		if (event->trace[i] - at < 16)
			return i + 1;
	return 0;
}

/* Whether there is a hit to tell of. */
bool luaprobe_dump(const char *script)
{
	const struct luaprobe_event *event = luaprobe_told();
	unsigned int i;

	if (!event)
		return false;
	if (!__ratelimit(&dumps))
		return true;
	pr_info("lunatik: %s: %ps on CPU %d, task %.*s[%d]\n", script, event->address, smp_processor_id(),
		TASK_COMM_LEN, event->task, event->pid);
	show_registers(&event->regs);
	for (i = callers(event); i < event->traced; i++)
		pr_info("lunatik:   %pS\n", (void *)event->trace[i]);
	return true;
}

/* An argument of the probed function, counted from 0, as long as it is in a register: the stack is another by now. */
bool luaprobe_argument(unsigned int n, u64 *value)
{
	const struct luaprobe_event *event = luaprobe_told();

	if (!event)
		return false;
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	*value = regs_get_kernel_argument((struct pt_regs *)&event->regs, n);
	return true;
#else
	return false;
#endif
}
