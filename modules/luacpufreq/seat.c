/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A policy under a governor of a script's: turns of the script, and what it sees and does.
 *
 * Turns are a worker's, with no lock held. `lock` is held by nobody for longer than a change of frequency
 * takes; so CPUfreq, which starts and stops governors with the policy's lock held, waits for no script. A
 * turn that comes too late, or fails, finds a seat without a policy.
 */
#include <linux/cpufreq.h>
#include <linux/export.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/thermal.h>
#include <linux/workqueue.h>
#include "meter.h"
#include "shim.h"

/* A script that takes longer for a turn has its CPUs run fast meanwhile. */
#define PATIENCE	HZ

/* A CPU when it was last looked at. */
struct look {
	u64 idle, wall;
	unsigned int load;
};

struct luacpufreq_seat {
	struct kref holders;	/* the policy, turns that are to come, scripts */
	struct mutex lock;	/* inside of the policy's lock; guards what follows */
	struct cpufreq_policy *policy;	/* from start to stop */
	bool stopped, limited;	/* and the script does not know yet */
	bool fresh;	/* CPUfreq tells the limits after each start, when nothing has changed */
	bool started;	/* and the script knows; the worker's */
	void *body;
	unsigned int cpu;
	unsigned long interval;
	struct delayed_work turn, late;
	struct look looks[];	/* by CPU */
};

static struct workqueue_struct *workers;
static luacpufreq_meter_t meter;
/* Guards the meter; inside of a seat's lock. */
static DEFINE_MUTEX(metering);

static void forget(struct kref *holders)
{
	struct luacpufreq_seat *seat = container_of(holders, struct luacpufreq_seat, holders);

	luacpufreq_drop(seat->body);
	mutex_destroy(&seat->lock);
	kfree(seat);
}

void luacpufreq_get(struct luacpufreq_seat *seat)
{
	kref_get(&seat->holders);
}

void luacpufreq_put(struct luacpufreq_seat *seat)
{
	kref_put(&seat->holders, forget);
}

/* The seat is held for work that is to be done; it comes at once, or no later than it was to come already. */
static void expect(struct luacpufreq_seat *seat, struct delayed_work *work, unsigned long delay)
{
	bool queued;

	kref_get(&seat->holders);
	queued = delay ? queue_delayed_work(workers, work, delay) : !mod_delayed_work(workers, work, 0);
	if (!queued)
		luacpufreq_put(seat);
}

static void run_fast(struct luacpufreq_seat *seat)
{
	mutex_lock(&seat->lock);
	if (seat->policy)
		__cpufreq_driver_target(seat->policy, seat->policy->max, CPUFREQ_RELATION_H);
	mutex_unlock(&seat->lock);
}

static void be_late(struct work_struct *work)
{
	struct luacpufreq_seat *seat = container_of(to_delayed_work(work), struct luacpufreq_seat, late);

	run_fast(seat);
	luacpufreq_put(seat);
}

static void take_turn(struct work_struct *work)
{
	struct luacpufreq_seat *seat = container_of(to_delayed_work(work), struct luacpufreq_seat, turn);
	bool stopped, limited, seated;

	mutex_lock(&seat->lock);
	seated = seat->policy;
	stopped = seat->stopped;
	limited = seat->limited;
	seat->stopped = seat->limited = false;
	mutex_unlock(&seat->lock);

	expect(seat, &seat->late, PATIENCE);
	if (seat->started && stopped) {
		luacpufreq_turn(seat->body, seat, LUACPUFREQ_STOP);
		seat->started = false;
	}
	if (seated) {
		if (!seat->started)
			luacpufreq_turn(seat->body, seat, LUACPUFREQ_START);
		else if (limited)
			luacpufreq_turn(seat->body, seat, LUACPUFREQ_LIMITS);
		seat->started = true;
		/* Who does not choose gets the fastest. */
		if (!luacpufreq_turn(seat->body, seat, LUACPUFREQ_UPDATE))
			run_fast(seat);
	}
	if (cancel_delayed_work(&seat->late))
		luacpufreq_put(seat);

	mutex_lock(&seat->lock);
	if (seat->policy)
		expect(seat, &seat->turn, seat->interval);
	mutex_unlock(&seat->lock);
	luacpufreq_put(seat);
}

/* Of this CPU's policy, which has not started. */
struct luacpufreq_seat *luacpufreq_sit(unsigned int cpu, unsigned long interval, void *body)
{
	struct luacpufreq_seat *seat = kzalloc(struct_size(seat, looks, nr_cpu_ids), GFP_KERNEL);

	if (!seat)
		return NULL;
	kref_init(&seat->holders);
	mutex_init(&seat->lock);
	INIT_DELAYED_WORK(&seat->turn, take_turn);
	INIT_DELAYED_WORK(&seat->late, be_late);
	seat->cpu = cpu;
	seat->interval = interval;
	luacpufreq_hold(body);
	seat->body = body;
	return seat;
}

void luacpufreq_start(struct luacpufreq_seat *seat, struct cpufreq_policy *policy)
{
	unsigned int cpu;

	mutex_lock(&seat->lock);
	seat->policy = policy;
	seat->cpu = policy->cpu;
	seat->fresh = true;
	for_each_cpu(cpu, policy->cpus)
		seat->looks[cpu].idle = get_cpu_idle_time(cpu, &seat->looks[cpu].wall, 0);
	mutex_unlock(&seat->lock);
}

void luacpufreq_limits(struct luacpufreq_seat *seat)
{
	mutex_lock(&seat->lock);
	if (seat->policy) {
		cpufreq_policy_apply_limits(seat->policy);
		seat->limited |= !seat->fresh;
		seat->fresh = false;
		expect(seat, &seat->turn, 0);
	}
	mutex_unlock(&seat->lock);
}

void luacpufreq_stop(struct luacpufreq_seat *seat)
{
	mutex_lock(&seat->lock);
	seat->policy = NULL;
	seat->stopped = true;
	/* At once: who unloads the module waits for turns that have come, and for none that are to come. */
	expect(seat, &seat->turn, 0);
	mutex_unlock(&seat->lock);
}

/* The CPU that the policy is named after. */
unsigned int luacpufreq_cpu(struct luacpufreq_seat *seat)
{
	return READ_ONCE(seat->cpu);
}

bool luacpufreq_has(struct luacpufreq_seat *seat, unsigned int cpu)
{
	bool has;

	mutex_lock(&seat->lock);
	has = seat->policy && cpu < nr_cpu_ids && cpumask_test_cpu(cpu, seat->policy->cpus);
	mutex_unlock(&seat->lock);
	return has;
}

bool luacpufreq_facts(struct luacpufreq_seat *seat, struct luacpufreq_facts *facts)
{
	const struct cpufreq_policy *policy;

	mutex_lock(&seat->lock);
	policy = seat->policy;
	if (policy)
		*facts = (struct luacpufreq_facts) {
			.current_khz = policy->cur,
			.min = READ_ONCE(policy->min),
			.max = READ_ONCE(policy->max),
			.hardware_min = policy->cpuinfo.min_freq,
			.hardware_max = policy->cpuinfo.max_freq,
		};
	mutex_unlock(&seat->lock);
	return policy;
}

static unsigned int measure(struct cpufreq_policy *policy, unsigned int cpu, struct look *look)
{
	u64 wall, idle = get_cpu_idle_time(cpu, &wall, 0);
	u64 passed = wall - look->wall, idled = idle - look->idle;

	/* The clock of idle time has ticks. */
	if (wall > look->wall) {
		look->load = idle < look->idle ? 100 : idled >= passed ? 0 : div64_u64(100 * (passed - idled), passed);
		look->wall = wall;
		look->idle = idle;
	}
	return look->load;
}

/* Percent since it was last asked. */
int luacpufreq_load(struct luacpufreq_seat *seat, unsigned int cpu)
{
	int load = -ENODEV;

	mutex_lock(&seat->lock);
	if (seat->policy && cpu < nr_cpu_ids && cpumask_test_cpu(cpu, seat->policy->cpus)) {
		mutex_lock(&metering);
		if (meter)
			load = min(meter(seat->policy, cpu), 100u);
		mutex_unlock(&metering);
		if (load < 0)
			load = measure(seat->policy, cpu, &seat->looks[cpu]);
	}
	mutex_unlock(&seat->lock);
	return load;
}

int luacpufreq_target(struct luacpufreq_seat *seat, u32 khz, unsigned int relation, u32 *chosen)
{
	int status = -ENODEV;

	mutex_lock(&seat->lock);
	if (seat->policy) {
		status = __cpufreq_driver_target(seat->policy, khz, relation);
		*chosen = seat->policy->cur;
	}
	mutex_unlock(&seat->lock);
	return status;
}

static int compare(const void *left, const void *right)
{
	u32 a = *(const u32 *)left, b = *(const u32 *)right;

	return a < b ? -1 : a > b;
}

/* How many of them there are, in ascending order; none for a driver without a table. */
unsigned int luacpufreq_frequencies(struct luacpufreq_seat *seat, u32 *khz, unsigned int room)
{
	struct cpufreq_frequency_table *entry;
	unsigned int count = 0;

	mutex_lock(&seat->lock);
	if (seat->policy && seat->policy->freq_table) {
		cpufreq_for_each_valid_entry(entry, seat->policy->freq_table) {
			if (count == room)
				break;
			if (!(entry->flags & CPUFREQ_BOOST_FREQ) || cpufreq_boost_enabled())
				khz[count++] = entry->frequency;
		}
	}
	mutex_unlock(&seat->lock);
	sort(khz, count, sizeof(*khz), compare, NULL);
	return count;
}

unsigned int luacpufreq_cpus(void)
{
	return nr_cpu_ids;
}

int luacpufreq_temperature(const char *name, int *millidegrees)
{
	struct thermal_zone_device *zone = thermal_zone_get_zone_by_name(name);

	return IS_ERR(zone) ? PTR_ERR(zone) : thermal_zone_get_temp(zone, millidegrees);
}

void luacpufreq_set_meter(luacpufreq_meter_t new)
{
	mutex_lock(&metering);
	meter = new;
	mutex_unlock(&metering);
}
EXPORT_SYMBOL_GPL(luacpufreq_set_meter);

int luacpufreq_begin(void)
{
	workers = alloc_workqueue("luacpufreq", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

/* Returns when no turn is left. */
void luacpufreq_end(void)
{
	destroy_workqueue(workers);
}
