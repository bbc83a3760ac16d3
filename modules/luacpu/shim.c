/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's masks and counters of processors, for luacpu_main.rs. */
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>
#include <linux/tick.h>
#include <linux/time64.h>
#include "shim.h"

/* One more than the highest number. */
unsigned int luacpu_ids(void)
{
	return nr_cpu_ids;
}

bool luacpu_possible(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_possible(cpu);
}

bool luacpu_present(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_present(cpu);
}

bool luacpu_online(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu);
}

/* A processor without ticks while it idles counts that time elsewhere: as /proc/stat has it. */
static u64 counted(u64 ticks, u64 microseconds)
{
	return microseconds == -1ULL ? ticks : microseconds * NSEC_PER_USEC;
}

/* Nanoseconds since boot. */
void luacpu_stats(unsigned int cpu, u64 *fields)
{
	static const enum cpu_usage_stat order[LUACPU_FIELDS] = {
		CPUTIME_USER, CPUTIME_NICE, CPUTIME_SYSTEM, CPUTIME_SOFTIRQ, CPUTIME_IRQ, CPUTIME_IDLE,
		CPUTIME_IOWAIT, CPUTIME_STEAL, CPUTIME_GUEST, CPUTIME_GUEST_NICE,
	};
	struct kernel_cpustat stat;
	bool online = cpu_online(cpu);

	kcpustat_cpu_fetch(&stat, cpu);
	stat.cpustat[CPUTIME_IDLE] =
		counted(stat.cpustat[CPUTIME_IDLE], online ? get_cpu_idle_time_us(cpu, NULL) : -1ULL);
	stat.cpustat[CPUTIME_IOWAIT] =
		counted(stat.cpustat[CPUTIME_IOWAIT], online ? get_cpu_iowait_time_us(cpu, NULL) : -1ULL);
	for (int i = 0; i < LUACPU_FIELDS; i++)
		fields[i] = stat.cpustat[order[i]];
}
