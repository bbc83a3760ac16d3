/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A CPUfreq driver without hardware, for tests: each policy is a processor that is a model, with a load by
 * a schedule, in a time of its own. So a result is the same on every machine, however busy.
 *
 * The model's time goes on by a tick whenever a governor asks for the load, and is then told how busy the
 * processor was in that tick; or to its end, at the frequency that there is, when `model` is told to run.
 * Work of a tick arrives at its beginning, and is done as fast as the frequency says. Energy is what the
 * busy and the idle processor take, by frequency and voltage. A unit of work is delayed from its arrival until
 * it is done, so that by Little's law the mean is the work that is outstanding, over all time, by all the work.
 */
#include <linux/cpufreq.h>
#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>
#include "meter.h"

/* Microseconds of a tick, and how many have a load; the last work may take longer. */
#define TICK	10000
#define TICKS	300

static bool shared;
module_param(shared, bool, 0444);
MODULE_PARM_DESC(shared, "all CPUs are of one policy");

static bool metered = true;
module_param(metered, bool, 0444);
MODULE_PARM_DESC(metered, "governors are told the model's load");

/* Not in their order, which a governor does not rely on. In kHz, and milliwatts. */
static const struct level {
	unsigned int khz, busy, idle;
} levels[] = {
	{ 800000, 400, 80 },
	{ 400000, 150, 50 },
	{ 1600000, 1500, 180 },
	{ 1200000, 850, 120 },
};

static struct cpufreq_frequency_table table[ARRAY_SIZE(levels) + 1];

/* Work is in thousands of cycles, energy in nanojoules, waiting in work times microseconds. */
struct model {
	const struct level *level;
	unsigned int ticks;
	u64 outstanding, arrived, waited, energy;
};

static struct model models[NR_CPUS];
/* Guards them. */
static DEFINE_MUTEX(lock);

/* A page that is fetched, with what comes after it; then next to nothing. */
static unsigned int arrival(unsigned int tick)
{
	unsigned int phase = tick % 100;

	if (tick >= TICKS)
		return 0;
	return phase < 8 ? 9000 : phase < 40 ? 1500 : 100;
}

static bool is_over(const struct model *model)
{
	return model->ticks >= TICKS && !model->outstanding;
}

/* Percent that it was busy. */
static unsigned int tick(struct model *model)
{
	const struct level *level = model->level;
	u64 work, capacity = div_u64((u64)level->khz * TICK, USEC_PER_SEC);
	u64 busy = TICK;

	if (is_over(model))
		return 0;
	work = model->outstanding + arrival(model->ticks);
	model->arrived += arrival(model->ticks);
	if (work <= capacity) {
		busy = div_u64(work * USEC_PER_SEC, level->khz);
		model->outstanding = 0;
		model->waited += work * busy / 2;
	} else {
		model->outstanding = work - capacity;
		model->waited += (work + model->outstanding) * TICK / 2;
	}
	model->energy += busy * level->busy + (TICK - busy) * level->idle;
	model->ticks++;
	return div_u64(busy * 100, TICK);
}

static unsigned int load(struct cpufreq_policy *policy, unsigned int cpu)
{
	unsigned int percent;

	mutex_lock(&lock);
	percent = tick(&models[cpu]);
	mutex_unlock(&lock);
	return percent;
}

/* Whether it is over, microjoules, microseconds, and their product. */
static ssize_t show_model(struct cpufreq_policy *policy, char *text)
{
	const struct model *model = &models[policy->cpu];
	u64 energy, delay;
	ssize_t size;

	mutex_lock(&lock);
	energy = div_u64(model->energy, 1000);
	delay = model->arrived ? div64_u64(model->waited, model->arrived) : 0;
	size = sysfs_emit(text, "%d %llu %llu %llu\n", is_over(model), energy, delay, energy * delay);
	mutex_unlock(&lock);
	return size;
}

/* "run": to its end, at this frequency; "reset": from the beginning. */
static ssize_t store_model(struct cpufreq_policy *policy, const char *text, size_t size)
{
	struct model *model = &models[policy->cpu];
	ssize_t status = size;

	mutex_lock(&lock);
	if (sysfs_streq(text, "run")) {
		while (!is_over(model))
			tick(model);
	} else if (sysfs_streq(text, "reset")) {
		*model = (struct model) { .level = model->level };
	} else {
		status = -EINVAL;
	}
	mutex_unlock(&lock);
	return status;
}
cpufreq_freq_attr_rw(model);

/* No clock changes that anybody else has, so nobody is told but CPUfreq. */
static int target(struct cpufreq_policy *policy, unsigned int index)
{
	unsigned int cpu;

	mutex_lock(&lock);
	for_each_cpu(cpu, policy->related_cpus)
		models[cpu].level = &levels[index];
	mutex_unlock(&lock);
	policy->cur = levels[index].khz;
	return 0;
}

static unsigned int get(unsigned int cpu)
{
	return models[cpu].level ? models[cpu].level->khz : levels[0].khz;
}

static int init(struct cpufreq_policy *policy)
{
	unsigned int cpu;

	if (shared)
		cpumask_copy(policy->cpus, cpu_possible_mask);
	mutex_lock(&lock);
	for_each_cpu(cpu, policy->cpus)
		models[cpu] = (struct model) { .level = &levels[0] };
	mutex_unlock(&lock);
	policy->freq_table = table;
	policy->cpuinfo.transition_latency = NSEC_PER_USEC;
	return 0;
}

static struct freq_attr *attributes[] = { &cpufreq_freq_attr_scaling_available_freqs, &model, NULL };

static struct cpufreq_driver driver = {
	.name = "model",
	.flags = CPUFREQ_CONST_LOOPS | CPUFREQ_ASYNC_NOTIFICATION,
	.init = init,
	.verify = cpufreq_generic_frequency_table_verify,
	.target_index = target,
	.get = get,
	.attr = attributes,
};

static int __init begin(void)
{
	int status;

	for (int i = 0; i < ARRAY_SIZE(levels); i++)
		table[i].frequency = levels[i].khz;
	table[ARRAY_SIZE(levels)].frequency = CPUFREQ_TABLE_END;
	status = cpufreq_register_driver(&driver);
	if (!status && metered)
		luacpufreq_set_meter(load);
	return status;
}

static void __exit end(void)
{
	luacpufreq_set_meter(NULL);
	cpufreq_unregister_driver(&driver);
}

module_init(begin);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A model of processors, for tests of CPUfreq governors");
