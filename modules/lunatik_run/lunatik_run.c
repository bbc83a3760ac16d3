/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * In Lunatik 4.4, this module has /dev/lunatik. Here lunatik.ko has it; this one is there for who loads it by
 * name, or looks whether it is loaded, and keeps lunatik.ko in memory as long as it is.
 */
#include <linux/module.h>

bool lunatik_leaving(void);

/* What makes the one stand on the other. */
static bool (*const __used stands_on)(void) = lunatik_leaving;

static int __init lunatik_run_init(void)
{
	return 0;
}

static void __exit lunatik_run_exit(void)
{
}

module_init(lunatik_run_init);
module_exit(lunatik_run_exit);
MODULE_AUTHOR("The Lunagate authors");
MODULE_DESCRIPTION("A name of Lunatik 4.4's for lunatik");
MODULE_LICENSE("Dual MIT/GPL");
