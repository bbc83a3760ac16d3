/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The functions of system calls, by number.
 *
 * The kernel shows modules neither its table of them nor how to look up symbols. But their names follow from the
 * headers, and the kernel finds a symbol for who wants to probe it. Letting go of a probe waits for all
 * CPUs, so all of them are asked for at once, the first time that somebody wants one.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include "../lunatik/symbol.h"
#include "shim.h"

static const char *const names[] = {
#ifdef CONFIG_X86_64
#define __SYSCALL(number, function)		[number] = "__x64_" #function,
#define __SYSCALL_NORETURN(number, function)	__SYSCALL(number, function)
#include <asm/syscalls_64.h>
#undef __SYSCALL_NORETURN
#undef __SYSCALL
#elif defined(CONFIG_ARM64)
#define __SYSCALL(number, function)			[number] = "__arm64_" #function,
#define __SYSCALL_WITH_COMPAT(number, function, compat)	__SYSCALL(number, function)
#include <asm/syscall_table_64.h>
#undef __SYSCALL_WITH_COMPAT
#undef __SYSCALL
#else
	/* None: it would be a guess. */
	[0] = NULL,
#endif
};

static DEFINE_MUTEX(lock);	/* guards what follows */
static bool known;
static void *addresses[ARRAY_SIZE(names)];

/* On x86 gaps between numbers have a name, too: that of the function which says that there is no such system call. */
bool luasyscall_exists(s64 number)
{
	return number >= 0 && number < ARRAY_SIZE(names) && names[number];
}

static int look_up(void)
{
	struct kprobe *probes = kvcalloc(ARRAY_SIZE(names), sizeof(*probes), GFP_KERNEL);
	struct kprobe **found = kvcalloc(ARRAY_SIZE(names), sizeof(*found), GFP_KERNEL);
	int count = 0, status = probes && found ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; status != -ENOMEM && i < ARRAY_SIZE(names); i++) {
		struct kprobe *probe = &probes[i];

		if (!names[i])
			continue;
		probe->symbol_name = names[i];
		probe->flags = KPROBE_FLAG_DISABLED;
		status = register_kprobe(probe);
		if (status)
			continue;
		found[count++] = probe;
		addresses[i] = symbol_begins(probe->addr);
		if (!addresses[i])
			status = -ENOMEM;
	}
	if (count)
		unregister_kprobes(found, count);
	kvfree(probes);
	kvfree(found);
	return status == -ENOMEM ? status : 0;
}

/* NULL for one that cannot be probed. The number exists. Sleeps. */
int luasyscall_address(s64 number, void **address)
{
	int status = 0;

	if (mutex_lock_killable(&lock))
		return -EINTR;
	if (!known)
		status = look_up();
	known = !status;
	*address = addresses[number];
	mutex_unlock(&lock);
	return status;
}
