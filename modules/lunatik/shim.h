/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of lunatik.ko: C for Rust, and what Rust gives to C. */
#ifndef LUNATIK_SHIM_H
#define LUNATIK_SHIM_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

struct lua_State;
struct module;
struct rcu_head;
struct lunatik_lock;
struct task_struct;

struct lunatik_budget {
	u64 fuel, process_fuel, load_fuel, memory, stack, faults, window;
};

struct lunatik_limits {
	u64 runtimes, hooks, probes, table_entries, table_memory, shared_memory;
};

void *lunatik_realloc(void *block, size_t size, bool atomic);
void lunatik_free(void *block);
u32 lunatik_random(void);
unsigned int lunatik_cpus(void);
bool lunatik_cpu_possible(unsigned int cpu);
int lunatik_bh_pin(void);
void lunatik_bh_unpin(void);
unsigned long lunatik_irq_save(void);
void lunatik_irq_restore(unsigned long flags);
unsigned int lunatik_cpu(void);
bool lunatik_killed(void);
bool lunatik_exiting(void);
void lunatik_nap(void);
void lunatik_resched(void);
long lunatik_on_cpu(unsigned int cpu, long (*function)(void *), void *argument);
void lunatik_print(const char *script, const char *text, size_t length);
void lunatik_complain(const char *script, const char *text, size_t length, const char *trace, size_t trace_length);
u64 lunatik_uptime(void);
u64 lunatik_date(void);
bool lunatik_module_get(struct module *module);
void lunatik_module_put(struct module *module);
int lua_khold(void *module);
void lua_krelease(void *module);
int lunatik_request_module(const char *name);
struct task_struct *lunatik_current_task(void);
void lunatik_wake(struct task_struct *task);

/* settings.c */
void lunatik_defaults(struct lunatik_budget *budget);
void lunatik_limits(struct lunatik_limits *limits);

/* stack.c */
void lunatik_limit_stack(struct lua_State *L, size_t bytes);
void lunatik_limit_stack_in_interrupt(struct lua_State *L, size_t bytes);
void lunatik_limit_stack_left(struct lua_State *L);
void lunatik_on_a_stack(long (*function)(void *), void *argument);

/* sync.c */
void lunatik_global_lock(void);
void lunatik_global_unlock(void);
unsigned long lunatik_brief_lock(void);
void lunatik_brief_unlock(unsigned long flags);
struct lunatik_lock *lunatik_lock_new(void);
bool lunatik_lock_try(struct lunatik_lock *lock);
int lunatik_lock_take(struct lunatik_lock *lock, bool patient);
void lunatik_lock_release(struct lunatik_lock *lock);
void lunatik_turns_init(spinlock_t *lock);
void lunatik_interrupt_turns_init(spinlock_t *lock);
bool lunatik_turns_take(spinlock_t *lock, bool interrupt);
void lunatik_turns_end(spinlock_t *lock, bool interrupt);
void lunatik_spin_init(spinlock_t *lock);
unsigned long lunatik_spin_lock(spinlock_t *lock);
void lunatik_spin_unlock(spinlock_t *lock, unsigned long flags);
void lunatik_rcu_read_lock(void);
void lunatik_rcu_read_unlock(void);
void lunatik_rcu_synchronize(void);

/* reclaim.c */
void lunatik_end_later(void *head);
void lunatik_end_after_grace(struct rcu_head *head);
void lunatik_end_wait(void);

/* device.c */
int lunatik_device_register(void);
void lunatik_device_unregister(void);

/* file.c */
struct file;

struct lunatik_identity {
	u64 device, inode, length;
	s64 modified, changed;
};

int lunatik_file_open(const char *path, struct file **opened);
void lunatik_file_close(struct file *file);
void lunatik_file_identity(struct file *file, struct lunatik_identity *identity);
ssize_t lunatik_file_read(struct file *file, loff_t at, void *to, size_t size);
void *lunatik_memory_new(size_t size, bool sleep);
size_t lunatik_memory_held(const void *memory, size_t size);
void lunatik_memory_free(void *memory);
void lunatik_memory_settle(void);

/* errno.c */
const char *lunatik_errno_name(int number);

/* events.c */
int lunatik_events_register(void);
void lunatik_events_unregister(void);
void lunatik_events_wake(void);

/* events.rs: where who comes now begins; whether there is an event after a position; the next one,
 * which is shorter than LUNATIK_EVENT bytes: its length, or 0 */
#define LUNATIK_EVENT	4096
u64 lunatik_events_first(void);
bool lunatik_events_after(u64 position);
size_t lunatik_events_next(u64 *position, char *to);

/* driver.rs: run a chunk; *result is kvmalloc'ed text, also when the status is an error */
int lunatik_execute(const char *chunk, size_t length, char **result, size_t *result_length);
/* stay.rs: whether this task shall come out of a runtime */
bool lunatik_leaving(void);
/* reclaim.rs: ends what is behind this head, in a worker */
void lunatik_end(void *head);
/* the virtual machine */
void lua_setcstack(struct lua_State *L, void *low);

#endif
