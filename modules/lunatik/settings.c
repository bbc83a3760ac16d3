/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Parameters of the module: budgets and bounds. */
#include <linux/module.h>
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
static ulong probes = 512;
module_param(probes, ulong, 0644);
MODULE_PARM_DESC(probes, "functions of a script at probes (default 512)");
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
	limits->probes = READ_ONCE(probes);
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
