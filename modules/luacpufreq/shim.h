/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The sides of luacpufreq.ko. */
#ifndef LUACPUFREQ_SHIM_H
#define LUACPUFREQ_SHIM_H

#include <linux/types.h>

struct cpufreq_policy;

/* governor.c: governors, by their script's body */
struct luacpufreq_governor;

int luacpufreq_register(const char *name, unsigned int milliseconds, void *body, struct luacpufreq_governor **made);
void luacpufreq_unregister(struct luacpufreq_governor *governor);

/* seat.c: a policy's place under a governor, which outlives the policy as long as somebody holds it */
struct luacpufreq_seat;

int luacpufreq_begin(void);
void luacpufreq_end(void);
struct luacpufreq_seat *luacpufreq_sit(unsigned int cpu, unsigned long interval, void *body);
void luacpufreq_start(struct luacpufreq_seat *seat, struct cpufreq_policy *policy);
void luacpufreq_limits(struct luacpufreq_seat *seat);
void luacpufreq_stop(struct luacpufreq_seat *seat);
void luacpufreq_get(struct luacpufreq_seat *seat);
void luacpufreq_put(struct luacpufreq_seat *seat);

/* The order of these is that of Facts in sys.rs. In kHz. */
struct luacpufreq_facts {
	u32 current_khz, min, max, hardware_min, hardware_max;
};

/* All of these are false, negative or 0 for a policy that is not the governor's any more. */
unsigned int luacpufreq_cpu(struct luacpufreq_seat *seat);
bool luacpufreq_has(struct luacpufreq_seat *seat, unsigned int cpu);
bool luacpufreq_facts(struct luacpufreq_seat *seat, struct luacpufreq_facts *facts);
int luacpufreq_load(struct luacpufreq_seat *seat, unsigned int cpu);
int luacpufreq_target(struct luacpufreq_seat *seat, u32 khz, unsigned int relation, u32 *chosen);
unsigned int luacpufreq_frequencies(struct luacpufreq_seat *seat, u32 *khz, unsigned int room);

unsigned int luacpufreq_cpus(void);
int luacpufreq_temperature(const char *zone, int *millidegrees);

/* main.rs: a turn of the script's, in a worker; whether it took it. The order of these is that of TURNS there. */
enum luacpufreq_turn { LUACPUFREQ_START, LUACPUFREQ_LIMITS, LUACPUFREQ_UPDATE, LUACPUFREQ_STOP };

bool luacpufreq_turn(void *body, struct luacpufreq_seat *seat, unsigned int turn);
void luacpufreq_hold(void *body);
void luacpufreq_drop(void *body);

#endif
