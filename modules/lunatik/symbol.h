/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Where the functions begin that the kernel's probes find. */
#ifndef LUNATIK_SYMBOL_H
#define LUNATIK_SYMBOL_H
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* How far within its function an address is; negative: it is in none, or there is no memory. Sleeps. */
static inline long symbol_offset(const void *address)
{
	char *text = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL), *offset;
	long found = -EINVAL;

	if (!text)
		return -ENOMEM;
	/* "name+0x4/0x60 [module]" */
	sprint_symbol(text, (unsigned long)address);
	offset = strrchr(text, '+');
	if (offset)
		found = simple_strtoul(offset + 1, NULL, 16);
	kfree(text);
	return found;
}

/* The beginning of a function that a probe is at, which may be behind the mark that indirect calls need there; NULL: there
 * is no memory. Sleeps. */
static inline void *symbol_begins(void *address)
{
	long offset = symbol_offset(address);

	return offset < 0 ? NULL : address - offset;
}

#endif
