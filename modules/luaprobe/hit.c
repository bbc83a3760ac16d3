/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Probes, for hook.rs.
 *
 * A probe is hit wherever the kernel is just then: within the allocator, the scheduler, the log, with
 * any lock held, in an NMI. No script can run there, for whatever it calls may want that lock. So a hit
 * is only written down, which takes no lock and no memory, and an interrupt that the CPU sends itself
 * (irq_work, made to be raised from NMIs) tells the script as soon as the CPU takes interrupts: mostly
 * right after the probed instruction.
 *
 * In that interrupt everything holds that holds for other hardirq scripts. Locks that are taken in
 * interrupts are taken with interrupts off, so what was interrupted on this CPU has none of them, whatever it was
 * doing. A state of a hardirq runtime is entered with interrupts off, and never in an NMI, so this
 * CPU's is free.
 *
 * What the telling does may hit probes, too, on its own CPU: those are not written down, but counted, so
 * no hit leads to the next. Code on the way into the interrupt and out of it is outside of that; and a
 * probe of what is called all the time may keep a CPU busy by itself. So of each tenth of a second, all probes of
 * a CPU together get half at most, with what hits take of themselves; what is hit beyond is not told, but counted.
 * A hit that is not told takes time, too: a probe that goes on to be hit when half is gone, or whose script is not
 * called any more, rests. It is taken out of the kernel's text, and comes back a second later.
 */
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "../lunatik/symbol.h"
#include "shim.h"

/* Hits that a CPU keeps while it takes no interrupts; a power of two. */
#define EVENTS	32
/* Ticks, nanoseconds of them that probes get, and those after which a probe that is hit rests for so many ticks. */
#define WINDOW	(HZ / 10)
#define SHARE	(NSEC_PER_SEC / 20)
#define MOST	(SHARE + SHARE / 10)
#define REST	HZ

struct luaprobe {
	struct kprobe kprobe;
	void *hook;
	char *symbol;
	bool wanted;
	struct mutex lock;	/* guards the kprobe */
	bool registered;
	struct work_struct work;
	/* It is not armed, until the second of these. */
	bool rests;
	struct delayed_work wake;
	unsigned long missed[];	/* by CPU */
};

/* The hits of a CPU. The handlers of probes write, one at a time, as the kernel runs no other while one runs on a CPU; the
 * interrupt reads. It may come between two lines of theirs, and they, in an NMI, between two of its. */
struct hits {
	struct irq_work work;
	unsigned int written, read;
	struct {
		struct luaprobe *probe;
		struct luaprobe_event event;
	} hits[EVENTS];
	/* What is being told, and what that took since a tick. */
	bool telling;
	const struct luaprobe_event *told;
	unsigned long since;
	u64 spent;
	/* One that is to rest. */
	struct luaprobe *tired;
};

static struct hits __percpu *all_hits;
/* Nanoseconds that a trap takes here, and an interrupt, about: see measure. */
static u64 toll;

static u64 spent(struct hits *hits)
{
	unsigned long now = READ_ONCE(jiffies);

	if (now - hits->since >= WINDOW) {
		hits->since = now;
		hits->spent = 0;
	}
	return hits->spent;
}
NOKPROBE_SYMBOL(spent);

static void write_down(struct hits *hits, struct luaprobe *probe, struct pt_regs *regs)
{
	struct luaprobe_event *event;

	hits->hits[hits->written % EVENTS].probe = probe;
	event = &hits->hits[hits->written % EVENTS].event;
	event->address = probe->kprobe.addr;
	event->regs = *regs;
	event->pid = current->pid;
	memcpy(event->task, current->comm, sizeof(event->task));
	event->traced = stack_trace_save(event->trace, LUAPROBE_TRACE, 0);
	/* The event is whole before the interrupt, on this CPU, can see it. */
	barrier();
	WRITE_ONCE(hits->written, hits->written + 1);
	irq_work_queue(&hits->work);
}
NOKPROBE_SYMBOL(write_down);

/* Preemption is off. */
static void note(struct luaprobe *probe, struct pt_regs *regs)
{
	struct hits *hits = raw_cpu_ptr(all_hits);
	u64 began, already;

	if (!READ_ONCE(probe->wanted) || READ_ONCE(probe->rests))
		return;
	/* The telling counts the time of all that happens in it. */
	if (READ_ONCE(hits->telling)) {
		probe->missed[raw_smp_processor_id()]++;
		return;
	}
	began = local_clock();
	already = spent(hits);
	if (already < SHARE && hits->written - READ_ONCE(hits->read) < EVENTS)
		write_down(hits, probe, regs);
	else
		probe->missed[raw_smp_processor_id()]++;
	if (already >= MOST) {
		WRITE_ONCE(hits->tired, probe);
		irq_work_queue(&hits->work);
	}
	hits->spent += local_clock() - began + toll;
}
NOKPROBE_SYMBOL(note);

static int pre(struct kprobe *kprobe, struct pt_regs *regs)
{
	note(container_of(kprobe, struct luaprobe, kprobe), regs);
	return 0;
}
NOKPROBE_SYMBOL(pre);

static void post(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
	note(container_of(kprobe, struct luaprobe, kprobe), regs);
}
NOKPROBE_SYMBOL(post);

/* Interrupts are off. All that is written down is read, so that nothing is left of a probe that ends. */
static void tell(struct irq_work *work)
{
	struct hits *hits = container_of(work, struct hits, work);
	struct luaprobe *tired;

	WRITE_ONCE(hits->telling, true);
	barrier();
	tired = xchg(&hits->tired, NULL);
	if (tired)
		luaprobe_rest(tired);
	while (hits->read != READ_ONCE(hits->written)) {
		struct luaprobe *probe = hits->hits[hits->read % EVENTS].probe;
		u64 began = local_clock();

		if (spent(hits) >= SHARE) {
			probe->missed[raw_smp_processor_id()]++;
		} else {
			hits->told = &hits->hits[hits->read % EVENTS].event;
			luaprobe_call(probe->hook);
			hits->told = NULL;
			hits->spent += local_clock() - began + toll;
		}
		/* The event is read before its room is another's. */
		barrier();
		WRITE_ONCE(hits->read, hits->read + 1);
	}
	barrier();
	WRITE_ONCE(hits->telling, false);
}

/* What is being told on this CPU; NULL for who is not called by that. */
const struct luaprobe_event *luaprobe_told(void)
{
	return irqs_disabled() ? __this_cpu_read(all_hits->told) : NULL;
}

/* The mark of where indirect calls may go, with which functions begin on some machines. */
#define MARK	4

/* Only where a function begins, or right after its mark, where the kernel puts probes. In between, instructions belong
 * together: the CPU's interrupt to itself could come between two that program the interrupt controller, say. */
static int check_beginning(void *address)
{
	long offset = symbol_offset(address);

	if (offset < 0)
		return offset;
	return offset == 0 || offset == MARK ? 0 : -EINVAL;
}

static void name(struct kprobe *kprobe, const char *symbol, void *address)
{
	kprobe->symbol_name = symbol;
	kprobe->addr = address;
	kprobe->flags = KPROBE_FLAG_DISABLED;
}

/* Whether the kernel lets this be probed: by its name, or by its address. Sleeps. */
int luaprobe_check(const char *symbol, void *address)
{
	struct kprobe *kprobe;
	int status = symbol ? 0 : check_beginning(address);

	if (status)
		return status;
	kprobe = kzalloc(sizeof(*kprobe), GFP_KERNEL);
	if (!kprobe)
		return -ENOMEM;
	name(kprobe, symbol, address);
	status = register_kprobe(kprobe);
	if (!status)
		unregister_kprobe(kprobe);
	kfree(kprobe);
	return status;
}

/* Sleeps. */
static void adjust(struct luaprobe *probe)
{
	bool rests = READ_ONCE(probe->rests);

	mutex_lock(&probe->lock);
	/* It fails if the probed function's module is gone; then nothing is hit. */
	if (probe->registered && READ_ONCE(probe->wanted) && !rests)
		enable_kprobe(&probe->kprobe);
	else if (probe->registered)
		disable_kprobe(&probe->kprobe);
	mutex_unlock(&probe->lock);
	if (rests)
		schedule_delayed_work(&probe->wake, REST);
}

static void adjust_later(struct work_struct *work)
{
	adjust(container_of(work, struct luaprobe, work));
}

static void wake(struct work_struct *work)
{
	struct luaprobe *probe = container_of(to_delayed_work(work), struct luaprobe, wake);

	WRITE_ONCE(probe->rests, false);
	adjust(probe);
}

/* Hits are neither told nor counted for a while, and soon there are none. In every context where scripts run. */
void luaprobe_rest(struct luaprobe *probe)
{
	WRITE_ONCE(probe->rests, true);
	schedule_work(&probe->work);
}

struct luaprobe *luaprobe_new(void *hook, const char *symbol, void *address, bool is_post)
{
	struct luaprobe *probe = kzalloc(struct_size(probe, missed, nr_cpu_ids), GFP_KERNEL);

	if (!probe)
		return NULL;
	if (symbol) {
		probe->symbol = kstrdup(symbol, GFP_KERNEL);
		if (!probe->symbol) {
			kfree(probe);
			return NULL;
		}
	}
	name(&probe->kprobe, probe->symbol, address);
	if (is_post)
		probe->kprobe.post_handler = post;
	else
		probe->kprobe.pre_handler = pre;
	probe->hook = hook;
	probe->wanted = true;
	mutex_init(&probe->lock);
	INIT_WORK(&probe->work, adjust_later);
	INIT_DELAYED_WORK(&probe->wake, wake);
	return probe;
}

/* It is stopped, or was never started. */
void luaprobe_delete(struct luaprobe *probe)
{
	kfree(probe->symbol);
	kfree(probe);
}

/* Sleeps. */
int luaprobe_start(struct luaprobe *probe)
{
	int status;

	mutex_lock(&probe->lock);
	status = register_kprobe(&probe->kprobe);
	probe->registered = !status;
	mutex_unlock(&probe->lock);
	if (!status)
		adjust(probe);
	return status;
}

/* Returns when nothing is told any more. Sleeps. */
void luaprobe_stop(struct luaprobe *probe)
{
	unsigned int cpu;

	mutex_lock(&probe->lock);
	if (probe->registered)
		/* Waits until no handler runs on any CPU, so nothing is written down any more. */
		unregister_kprobe(&probe->kprobe);
	probe->registered = false;
	mutex_unlock(&probe->lock);
	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(all_hits, cpu)->work);
	/* Nobody asks for it any more: scripts do, of this runtime, and none of its functions runs now. */
	cancel_work_sync(&probe->work);
	cancel_delayed_work_sync(&probe->wake);
}

/* From now on: the kernel's text follows in a moment. In every context. */
void luaprobe_want(struct luaprobe *probe, bool wanted)
{
	WRITE_ONCE(probe->wanted, wanted);
	schedule_work(&probe->work);
}

/* Hits that the script was not told of. */
u64 luaprobe_missed(struct luaprobe *probe)
{
	u64 missed = READ_ONCE(probe->kprobe.nmissed);
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		missed += READ_ONCE(probe->missed[cpu]);
	return missed;
}

static noinline void nothing(void)
{
	barrier();
}

static int pass(struct kprobe *kprobe, struct pt_regs *regs)
{
	return 0;
}
NOKPROBE_SYMBOL(pass);

/* How long a hit takes on this machine. Sleeps. */
static int measure(void)
{
	struct kprobe kprobe = { .addr = (void *)nothing, .pre_handler = pass };
	int turn, status = register_kprobe(&kprobe);

	if (status)
		return status;
	/* The least: others come between. */
	toll = U64_MAX;
	for (turn = 0; turn < 32; turn++) {
		u64 began;

		preempt_disable();
		began = local_clock();
		nothing();
		toll = min(toll, local_clock() - began);
		preempt_enable();
	}
	unregister_kprobe(&kprobe);
	return 0;
}

int luaprobe_begin(void)
{
	unsigned int cpu;
	int status = measure();

	if (status)
		return status;

	/* More than the kernel keeps for what modules have per CPU. */
	all_hits = alloc_percpu(struct hits);
	if (!all_hits)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		per_cpu_ptr(all_hits, cpu)->work = IRQ_WORK_INIT_HARD(tell);
	return 0;
}

/* No probe is left: each waited for its hits to be told. */
void luaprobe_end(void)
{
	free_percpu(all_hits);
}
