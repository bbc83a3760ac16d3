/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luahid.ko. */
#ifndef LUAHID_SHIM_H
#define LUAHID_SHIM_H

#include <linux/types.h>

/* An entry of a driver's table; negative: any. */
struct luahid_id {
	s64 bus, group, vendor, product, data;
};

/* What the script is told of, and of which device. */
enum luahid_event { LUAHID_PROBE, LUAHID_FIXUP, LUAHID_EVENT, LUAHID_REMOVE };

#define LUAHID_MORE	5
struct luahid_call {
	u32 event, device;
	const char *name;
	s64 identity[5];	/* bus, group, vendor, product, version */
	u32 count;
	s64 more[LUAHID_MORE];	/* the entry that matches, or the report */
	u8 *data;
	size_t size;
};

/* bus.c */
struct luahid;

struct luahid *luahid_new(void *hook, const char *name, const struct luahid_id *ids, size_t count);
void luahid_delete(struct luahid *hid);
int luahid_start(struct luahid *hid);
void luahid_stop(struct luahid *hid);

/* hook.rs: calls the function of this CPU; 0, or what the kernel is to see. If it fails, the bytes are as before. */
int luahid_call(void *hook, const struct luahid_call *call);
/* hook.rs: what the kernel is to see of a function that cannot be called. */
int luahid_fail(const void *hook);

#endif
