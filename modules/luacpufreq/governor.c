/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * CPUfreq's governors, for sys.rs.
 *
 * Who selects a governor by its name has its address for a moment before it holds anything but the
 * module. So governors are not freed but used again: who comes too late is refused, or gets the next one.
 *
 * CPUfreq calls a governor with the policy's lock held, which a script that asks for a frequency must
 * not wait for: nothing here waits for a script.
 */
#include <linux/cpu.h>
#include <linux/cpufreq.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "shim.h"

/* At a time, of all scripts. */
#define GOVERNORS	8

struct luacpufreq_governor {
	struct cpufreq_governor governor;
	unsigned long interval;
	void *body;	/* NULL: it takes no policy */
	bool used;
};

static struct luacpufreq_governor governors[GOVERNORS];
/* Guards them; inside of a policy's lock. */
static DEFINE_MUTEX(lock);

static int init(struct cpufreq_policy *policy)
{
	struct luacpufreq_governor *governor =
		container_of(policy->governor, struct luacpufreq_governor, governor);
	struct luacpufreq_seat *seat = NULL;
	int status = -ENODEV;

	mutex_lock(&lock);
	if (governor->body) {
		seat = luacpufreq_sit(policy->cpu, governor->interval, governor->body);
		status = seat ? 0 : -ENOMEM;
	}
	mutex_unlock(&lock);
	policy->governor_data = seat;
	return status;
}

static void leave(struct cpufreq_policy *policy)
{
	luacpufreq_put(policy->governor_data);
	policy->governor_data = NULL;
}

static int start(struct cpufreq_policy *policy)
{
	luacpufreq_start(policy->governor_data, policy);
	return 0;
}

static void stop(struct cpufreq_policy *policy)
{
	luacpufreq_stop(policy->governor_data);
}

static void limits(struct cpufreq_policy *policy)
{
	luacpufreq_limits(policy->governor_data);
}

int luacpufreq_register(const char *name, unsigned int milliseconds, void *body, struct luacpufreq_governor **made)
{
	struct luacpufreq_governor *governor = governors;
	int status = -ENOSPC;

	mutex_lock(&lock);
	while (governor < governors + GOVERNORS && governor->used)
		governor++;
	if (governor < governors + GOVERNORS) {
		governor->governor = (struct cpufreq_governor) {
			.init = init,
			.exit = leave,
			.start = start,
			.stop = stop,
			.limits = limits,
			.owner = THIS_MODULE,
			.flags = CPUFREQ_GOV_DYNAMIC_SWITCHING,
		};
		strscpy(governor->governor.name, name, sizeof(governor->governor.name));
		governor->interval = msecs_to_jiffies(milliseconds);
		governor->body = body;
		status = cpufreq_register_governor(&governor->governor);
		governor->used = !status;
		if (status)
			governor->body = NULL;
	}
	mutex_unlock(&lock);
	*made = governor;
	return status;
}

/* CPUfreq lets nobody but user space choose a policy's governor: this is what it does then. */
static struct freq_attr *choice(struct cpufreq_policy *policy)
{
	const struct attribute_group **group = get_ktype(&policy->kobj)->default_groups;

	for (; group && *group; group++)
		for (struct attribute **attribute = (*group)->attrs; attribute && *attribute; attribute++)
			if (!strcmp((*attribute)->name, "scaling_governor"))
				return container_of(*attribute, struct freq_attr, attr);
	return NULL;
}

/* What a policy gets whose governor goes: the kernel's choice for a dynamic one, or one that cannot fail. */
static const char *const instead[] = {
#ifdef CONFIG_CPU_FREQ_GOV_SCHEDUTIL
	"schedutil",
#endif
	"performance",
};

/* Whether it is under another governor. */
static bool give_back(struct cpufreq_policy *policy, struct cpufreq_governor *governor)
{
	struct freq_attr *chosen = choice(policy);
	bool back;

	down_write(&policy->rwsem);
	back = policy->governor != governor || policy_is_inactive(policy);
	for (int i = 0; chosen && chosen->store && !back && i < ARRAY_SIZE(instead); i++)
		back = chosen->store(policy, instead[i], strlen(instead[i])) > 0;
	up_write(&policy->rwsem);
	return back;
}

/* Returns when no policy is under it. The body may have a turn in a worker even then. */
void luacpufreq_unregister(struct luacpufreq_governor *governor)
{
	bool back = true;
	unsigned int cpu;
	void *body;

	/* A CPU that comes up finds its governor by name, and does without CPUfreq if that then refuses. */
	cpus_read_lock();
	cpufreq_unregister_governor(&governor->governor);
	mutex_lock(&lock);
	body = governor->body;
	governor->body = NULL;
	mutex_unlock(&lock);
	for_each_possible_cpu(cpu) {
		struct cpufreq_policy *policy = cpufreq_cpu_get(cpu);

		if (!policy)
			continue;
		if (!give_back(policy, &governor->governor)) {
			pr_warn("lunatik: cpufreq: CPU %u keeps the governor %s\n", cpu, governor->governor.name);
			back = false;
		}
		cpufreq_cpu_put(policy);
	}
	cpus_read_unlock();
	mutex_lock(&lock);
	/* Else its place, and the module, stay as they are. */
	governor->used = !back;
	mutex_unlock(&lock);
	luacpufreq_drop(body);
}
