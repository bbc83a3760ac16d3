/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The module's parameter, for shared.rs. */
#include <linux/module.h>
#include "shim.h"

static ulong memory = 16777216;
module_param(memory, ulong, 0644);
MODULE_PARM_DESC(memory, "bytes that all data which scripts share may hold (default 16777216)");

size_t luadata_memory(void)
{
	return READ_ONCE(memory);
}
