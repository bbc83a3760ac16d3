/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* For drivers whose CPUs know better than the kernel's idle time how busy they are. */
#ifndef LUACPUFREQ_METER_H
#define LUACPUFREQ_METER_H

struct cpufreq_policy;

/* Percent that a CPU of the policy was busy since it was last asked. May sleep, but not wait for a governor. */
typedef unsigned int (*luacpufreq_meter_t)(struct cpufreq_policy *policy, unsigned int cpu);

/* There is one meter, or with NULL none: returns when the one before is not asked any more. */
void luacpufreq_set_meter(luacpufreq_meter_t meter);

#endif
