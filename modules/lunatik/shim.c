/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the kernel gives to C only: macros, inlines, static structures. The Rust side is
 * sys.rs; every function here says nothing more than the kernel call it stands for. */
#include <linux/bottom_half.h>
#include <linux/cpu.h>
#include <linux/fs.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include "shim.h"

/* Budgets of a runtime that asks for none. */
static ulong fuel = 10000;
module_param(fuel, ulong, 0644);
MODULE_PARM_DESC(fuel, "units of fuel per call of a hook (default 10000)");
static ulong process_fuel = 100000000;
module_param(process_fuel, ulong, 0644);
MODULE_PARM_DESC(process_fuel, "units of fuel per call in process context (default 100000000)");
static ulong load_fuel = 10000000;
module_param(load_fuel, ulong, 0644);
MODULE_PARM_DESC(load_fuel, "units of fuel for a script's body (default 10000000)");
static ulong memory = 1048576;
module_param(memory, ulong, 0644);
MODULE_PARM_DESC(memory, "bytes that each Lua state may hold (default 1048576)");
static ulong stack = 5120;
module_param(stack, ulong, 0644);
MODULE_PARM_DESC(stack, "bytes of kernel stack that Lua may use in a hook (default 5120, at most 6144)");

static ulong faults = 100;
module_param(faults, ulong, 0644);
MODULE_PARM_DESC(faults, "failed calls in a window that put a script in quarantine, 0: never (default 100)");
static ulong fault_window = 10000;
module_param(fault_window, ulong, 0644);
MODULE_PARM_DESC(fault_window, "milliseconds of that window (default 10000)");

/* Bounds of what scripts make the kernel hold beside their states. */
static ulong runtimes = 64;
module_param(runtimes, ulong, 0644);
MODULE_PARM_DESC(runtimes, "runtimes at a time (default 64)");
static ulong hooks = 16;
module_param(hooks, ulong, 0644);
MODULE_PARM_DESC(hooks, "hooks of a script, each with its own fuel for a packet (default 16)");
static ulong table_entries = 65536;
module_param(table_entries, ulong, 0644);
MODULE_PARM_DESC(table_entries, "entries of an rcu table (default 65536)");
static ulong table_memory = 8388608;
module_param(table_memory, ulong, 0644);
MODULE_PARM_DESC(table_memory, "bytes that an rcu table may hold (default 8388608)");
static ulong shared_memory = 33554432;
module_param(shared_memory, ulong, 0644);
MODULE_PARM_DESC(shared_memory, "bytes that all rcu tables may hold together (default 33554432)");

void lunatik_limits(struct lunatik_limits *limits)
{
	limits->runtimes = READ_ONCE(runtimes);
	limits->hooks = READ_ONCE(hooks);
	limits->table_entries = READ_ONCE(table_entries);
	limits->table_memory = READ_ONCE(table_memory);
	limits->shared_memory = READ_ONCE(shared_memory);
}

void lunatik_defaults(struct lunatik_budget *budget)
{
	budget->fuel = READ_ONCE(fuel);
	budget->process_fuel = READ_ONCE(process_fuel);
	budget->load_fuel = READ_ONCE(load_fuel);
	budget->memory = READ_ONCE(memory);
	budget->stack = READ_ONCE(stack);
	budget->faults = READ_ONCE(faults);
	budget->window = READ_ONCE(fault_window);
}

void *lunatik_realloc(void *block, size_t size, bool atomic)
{
	return krealloc(block, size, (atomic ? GFP_ATOMIC : GFP_KERNEL) | __GFP_NOWARN);
}

void lunatik_free(void *block)
{
	kfree(block);
}

u32 lunatik_random(void)
{
	return get_random_u32();
}

unsigned int lunatik_cpus(void)
{
	return nr_cpu_ids;
}

bool lunatik_cpu_possible(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_possible(cpu);
}

/* The CPU that runs this, with bottom halves off: packets mostly find them so. If not, they are
 * disabled, and the result is the complement: who gets a negative one calls lunatik_bh_unpin. */
int lunatik_bh_pin(void)
{
	if (in_softirq())
		return smp_processor_id();
	local_bh_disable();
	return ~smp_processor_id();
}

void lunatik_bh_unpin(void)
{
	local_bh_enable();
}

unsigned long lunatik_irq_save(void)
{
	unsigned long flags;

	local_irq_save(flags);
	return flags;
}

void lunatik_irq_restore(unsigned long flags)
{
	local_irq_restore(flags);
}

unsigned int lunatik_cpu(void)
{
	return smp_processor_id();
}

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

bool lunatik_killed(void)
{
	return fatal_signal_pending(current);
}

void lunatik_nap(void)
{
	schedule_timeout_killable(1);
}

void lunatik_resched(void)
{
	cond_resched();
}

/* Calls the function on a CPU, or here if the CPU is off, which it then stays meanwhile. Sleeps. */
long lunatik_on_cpu(unsigned int cpu, long (*function)(void *), void *argument)
{
	long result;

	cpus_read_lock();
	result = cpu_online(cpu) ? work_on_cpu(cpu, function, argument) : function(argument);
	cpus_read_unlock();
	return result;
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

void lunatik_print(const char *script, const char *text, size_t length)
{
	pr_info("lunatik: %s: %.*s\n", script, (int)min_t(size_t, length, 900), text);
}

void lunatik_complain(const char *script, const char *text, size_t length, const char *trace, size_t trace_length)
{
	pr_err_ratelimited("lunatik: %s: %.*s%.*s\n", script, (int)min_t(size_t, length, 900), text,
			   (int)min_t(size_t, trace_length, 900), trace);
}

u64 lunatik_uptime(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_MSEC);
}

u64 lunatik_date(void)
{
	return ktime_get_real_ns();
}

bool lunatik_module_get(struct module *module)
{
	return try_module_get(module);
}

void lunatik_module_put(struct module *module)
{
	module_put(module);
}

/* For the crate `lua`: what keeps the code of a class while there are objects of it. */
int lua_khold(void *module)
{
	return try_module_get(module);
}

void lua_krelease(void *module)
{
	module_put(module);
}

int lunatik_request_module(const char *name)
{
	return request_module("lua%s", name);
}

static DEFINE_MUTEX(global);

void lunatik_global_lock(void)
{
	mutex_lock(&global);
}

void lunatik_global_unlock(void)
{
	mutex_unlock(&global);
}

static DEFINE_SPINLOCK(brief);

unsigned long lunatik_brief_lock(void)
{
	unsigned long flags;

	spin_lock_irqsave(&brief, flags);
	return flags;
}

void lunatik_brief_unlock(unsigned long flags)
{
	spin_unlock_irqrestore(&brief, flags);
}

/*
 * A lock of tasks. A struct mutex would not do: who waits for one looks at nothing else, and who has
 * one has to release it. Its users take several at a time in any order, and find deadlocks themselves.
 * Who releases it gives it to who has waited longest: nobody who comes again and again keeps others
 * from it.
 */
struct lunatik_lock {
	spinlock_t guard;
	bool taken;
	struct list_head waiters;	/* the first came first; while there is one, it is taken */
};

/* On the stack of who waits. */
struct waiter {
	struct list_head entry;
	struct task_struct *task;
	bool given;
};

struct lunatik_lock *lunatik_lock_new(void)
{
	struct lunatik_lock *lock = kzalloc(sizeof(*lock), GFP_KERNEL);

	if (lock) {
		spin_lock_init(&lock->guard);
		INIT_LIST_HEAD(&lock->waiters);
	}
	return lock;
}

/* Takes it, or if somebody has it, waits in the line, unless there is no waiter. */
static bool take(struct lunatik_lock *lock, struct waiter *waiter)
{
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&lock->guard, flags);
	taken = !lock->taken;
	lock->taken = true;
	if (!taken && waiter)
		list_add_tail(&waiter->entry, &lock->waiters);
	spin_unlock_irqrestore(&lock->guard, flags);
	return taken;
}

bool lunatik_lock_try(struct lunatik_lock *lock)
{
	return take(lock, NULL);
}

/* 0, or -EINTR: the task is killed, or, unless it is patient, shall come out of a runtime. */
int lunatik_lock_take(struct lunatik_lock *lock, bool patient)
{
	struct waiter waiter = { .task = current };
	unsigned long flags;

	might_sleep();
	if (take(lock, &waiter))
		return 0;
	for (;;) {
		/* Before the look: who wakes this up after it finds it asleep, or on its way. */
		set_current_state(TASK_KILLABLE);
		if (READ_ONCE(waiter.given) || fatal_signal_pending(current) || (!patient && lunatik_leaving()))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	/* Nobody looks at the waiter any more when this is over. */
	spin_lock_irqsave(&lock->guard, flags);
	if (!waiter.given)
		list_del(&waiter.entry);
	spin_unlock_irqrestore(&lock->guard, flags);
	return waiter.given ? 0 : -EINTR;
}

void lunatik_lock_release(struct lunatik_lock *lock)
{
	struct waiter *next;
	unsigned long flags;

	spin_lock_irqsave(&lock->guard, flags);
	next = list_first_entry_or_null(&lock->waiters, struct waiter, entry);
	lock->taken = next;
	if (next) {
		list_del(&next->entry);
		WRITE_ONCE(next->given, true);
		wake_up_process(next->task);
	}
	spin_unlock_irqrestore(&lock->guard, flags);
}

/* stay.rs */
struct task_struct *lunatik_current_task(void)
{
	return current;
}

void lunatik_wake(struct task_struct *task)
{
	wake_up_process(task);
}

/* sync.rs */
void lunatik_spin_init(spinlock_t *lock)
{
	spin_lock_init(lock);
}

unsigned long lunatik_spin_lock(spinlock_t *lock)
{
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	return flags;
}

void lunatik_spin_unlock(spinlock_t *lock, unsigned long flags)
{
	spin_unlock_irqrestore(lock, flags);
}

void lunatik_rcu_read_lock(void)
{
	rcu_read_lock();
}

void lunatik_rcu_read_unlock(void)
{
	rcu_read_unlock();
}

void lunatik_rcu_synchronize(void)
{
	synchronize_rcu();
}

/* reclaim.rs: a head is a struct rcu_head, and then a node of this list. */
static LLIST_HEAD(ended);

static void end_all(struct work_struct *work)
{
	struct llist_node *head, *next;

	llist_for_each_safe(head, next, llist_del_all(&ended)) {
		lunatik_end(head);
		cond_resched();
	}
}

static DECLARE_WORK(ending, end_all);
static_assert(sizeof(struct rcu_head) == 2 * sizeof(void *));
static_assert(sizeof(struct llist_node) <= sizeof(struct rcu_head));

void lunatik_end_later(void *head)
{
	if (llist_add(head, &ended))
		queue_work(system_unbound_wq, &ending);
}

static void after_grace(struct rcu_head *head)
{
	lunatik_end_later(head);
}

void lunatik_end_after_grace(struct rcu_head *head)
{
	call_rcu(head, after_grace);
}

/* Returns when what was to end before the call has ended. Sleeps. */
void lunatik_end_wait(void)
{
	rcu_barrier();
	flush_work(&ending);
}

/* /dev/lunatik: a session is an open file; it holds the result of its last chunk. What a
 * closed session did not read is for the next that reads without having written: Lunatik's
 * own tools write, close, open again and read. */
#define CHUNK_LIMIT (1024 * 1024)

static DEFINE_MUTEX(unread_lock);
static char *unread;
static size_t unread_length;

struct session {
	struct mutex lock;
	char *result;
	size_t length;
	bool wrote, read;
};

static int device_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);

	if (!session)
		return -ENOMEM;
	mutex_init(&session->lock);
	file->private_data = session;
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	if (session->wrote && !session->read) {
		mutex_lock(&unread_lock);
		swap(unread, session->result);
		unread_length = session->length;
		mutex_unlock(&unread_lock);
	}
	kvfree(session->result);
	kfree(session);
	return 0;
}

static ssize_t device_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	struct session *session = file->private_data;
	char *chunk, *result = NULL;
	size_t length = 0;
	ssize_t status;

	if (size > CHUNK_LIMIT)
		return -E2BIG;
	chunk = vmemdup_user(from, size);
	if (IS_ERR(chunk))
		return PTR_ERR(chunk);
	status = lunatik_execute(chunk, size, &result, &length);
	kvfree(chunk);
	mutex_lock(&session->lock);
	kvfree(session->result);
	session->result = result;
	session->length = length;
	session->wrote = true;
	session->read = false;
	file->f_pos = 0;
	mutex_unlock(&session->lock);
	return status ? status : size;
}

static ssize_t device_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct session *session = file->private_data;
	ssize_t count;

	mutex_lock(&session->lock);
	if (!session->wrote && !session->result) {
		mutex_lock(&unread_lock);
		session->result = unread;
		session->length = unread ? unread_length : 0;
		unread = NULL;
		mutex_unlock(&unread_lock);
	}
	session->read = true;
	count = simple_read_from_buffer(to, size, offset, session->result, session->length);
	mutex_unlock(&session->lock);
	return count;
}

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.write = device_write,
	.read = device_read,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lunatik",
	.mode = 0600,
	.fops = &device_operations,
};

int lunatik_device_register(void)
{
	return misc_register(&device);
}

void lunatik_device_unregister(void)
{
	misc_deregister(&device);
	kvfree(unread);
}
