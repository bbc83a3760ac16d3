/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* How much of the kernel's stacks is for Lua, and a stack of one's own. */
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/workqueue.h>
#ifdef CONFIG_X86_64
#include <asm/current.h>
#include <asm/page.h>
#endif
#ifdef CONFIG_ARM64
#include <asm/stack_pointer.h>
#endif
#include "shim.h"

/*
 * A hook that a task's own packet meets, on its way out, shares the task's stack, which may be deep
 * by then: what handlers and those whom they call may need of it is not for scripts. Those of
 * interrupts are used by who took the packet in, and by scripts one at a time.
 */
#define STACK_OF_HANDLERS	4096

void lunatik_limit_stack(struct lua_State *L, size_t bytes)
{
	char *here = (char *)current_stack_pointer;
	size_t left = here - (char *)task_stack_page(current);

	if (left < THREAD_SIZE)
		bytes = min(bytes, left > STACK_OF_HANDLERS ? left - STACK_OF_HANDLERS : 0);
	lua_setcstack(L, here - bytes);
}

/* The same in a hardirq script. It may have interrupted another one, of a bottom half, on the stack of interrupts, which
 * is all that both have. */
void lunatik_limit_stack_in_interrupt(struct lua_State *L, size_t bytes)
{
#ifdef CONFIG_X86_64
	char *here = (char *)current_stack_pointer;
	char *low = (char *)__this_cpu_read(pcpu_hot.hardirq_stack_ptr) + sizeof(long) - IRQ_STACK_SIZE;
	size_t left = here - low;

	if (left < IRQ_STACK_SIZE)
		bytes = min(bytes, left > STACK_OF_HANDLERS ? left - STACK_OF_HANDLERS : 0);
#elif defined(CONFIG_ARM64)
	/* All stacks are of one size, each at a multiple of it. */
	size_t left = current_stack_pointer & (THREAD_SIZE - 1);

	bytes = min(bytes, left > STACK_OF_HANDLERS ? left - STACK_OF_HANDLERS : 0);
#endif
	lunatik_limit_stack(L, bytes);
}

/*
 * A task's own stack, which may be the stack of other scripts already: what is left but for a
 * reserve, for what handlers call and for interrupts on machines where they share the stack. Where
 * stacks are larger, frames are: more is not for scripts.
 */
#define STACK_RESERVE	7168
#define STACK_OF_TASK	8192

void lunatik_limit_stack_left(struct lua_State *L)
{
	char *here = __builtin_frame_address(0);
	/* Not a byte deeper, from however deep down this is called: the next call would say it from deeper still. */
	char *low = (char *)end_of_stack(current) + STACK_RESERVE;

	lua_setcstack(L, max(low, here - STACK_OF_TASK));
}

struct errand {
	struct work_struct work;
	long (*function)(void *);
	void *argument;
#ifdef CONFIG_FAULT_INJECTION
	unsigned int fail_nth;
#endif
};

static void run_errand(struct work_struct *work)
{
	struct errand *errand = container_of(work, struct errand, work);

	/* Which allocation fails, where one shall: as if the task itself had gone on. */
#ifdef CONFIG_FAULT_INJECTION
	swap(current->fail_nth, errand->fail_nth);
#endif
	errand->function(errand->argument);
#ifdef CONFIG_FAULT_INJECTION
	swap(current->fail_nth, errand->fail_nth);
#endif
}

/* Calls the function in a worker, which has a stack of its own, and waits for it. Sleeps. */
void lunatik_on_a_stack(long (*function)(void *), void *argument)
{
	struct errand errand = { .function = function, .argument = argument };

#ifdef CONFIG_FAULT_INJECTION
	errand.fail_nth = current->fail_nth;
#endif
	INIT_WORK_ONSTACK(&errand.work, run_errand);
	queue_work(system_unbound_wq, &errand.work);
	flush_work(&errand.work);
	destroy_work_on_stack(&errand.work);
#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = errand.fail_nth;
#endif
}
