/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Drivers on the kernel's bus of input devices, for hook.rs.
 *
 * Reports are shown to the state of the CPU where they arrive. Devices come and go in tasks, and
 * all states are told, each on its own CPU: a report may be for any of them.
 */
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/hid.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "shim.h"

struct luahid {
	struct hid_driver driver;
	void *hook;
	bool registered;
	char name[64];
	struct hid_device_id ids[];	/* the last one is empty */
};

static struct luahid *of(const struct hid_device *device)
{
	return container_of(device->driver, struct luahid, driver);
}

static struct luahid_call describe(const struct hid_device *device, enum luahid_event event)
{
	return (struct luahid_call) {
		.event = event,
		.device = device->id,
		.name = device->name,
		.identity = { device->bus, device->group, device->vendor, device->product, device->version },
	};
}

struct turn {
	struct luahid *hid;
	const struct luahid_call *call;
};

static long take_turn(void *argument)
{
	struct turn *turn = argument;

	return luahid_call(turn->hid->hook, turn->call);
}

/* Tells all states: the first result that is one. Bytes are shown as they are to each state, and what the first makes of
 * them stays; without memory for that, none is told. Sleeps. */
static int tell_all(struct hid_device *device, struct luahid_call *call)
{
	struct turn turn = { .hid = of(device), .call = call };
	u8 *bytes = call->data, *others = bytes ? kmemdup(bytes, call->size, GFP_KERNEL) : NULL;
	u8 *copy = others ? kmalloc(call->size, GFP_KERNEL) : NULL;
	unsigned int cpu;
	int result = 0;

	if (!bytes || copy) {
		cpus_read_lock();
		for_each_online_cpu(cpu) {
			int one = work_on_cpu(cpu, take_turn, &turn);

			result = result ?: one;
			if (bytes) {
				memcpy(copy, others, call->size);
				call->data = copy;
			}
		}
		cpus_read_unlock();
	} else {
		result = luahid_fail(turn.hid->hook);
	}
	kfree(copy);
	kfree(others);
	return result;
}

static void remove_from_script(struct hid_device *device)
{
	struct luahid_call call = describe(device, LUAHID_REMOVE);

	tell_all(device, &call);
}

static int probe(struct hid_device *device, const struct hid_device_id *id)
{
	struct luahid_call call = describe(device, LUAHID_PROBE);
	s64 more[LUAHID_MORE] = { id->bus, id->group, id->vendor, id->product, id->driver_data };
	int status, repaired = 0;

	call.count = LUAHID_MORE;
	memcpy(call.more, more, sizeof(more));
	status = tell_all(device, &call);
	if (!status) {
		/* The kernel asks for no status of report_fixup(), which leaves it here. */
		hid_set_drvdata(device, &repaired);
		status = hid_parse(device);
		hid_set_drvdata(device, NULL);
		status = repaired ?: status;
	}
	if (!status)
		status = hid_hw_start(device, HID_CONNECT_DEFAULT);
	if (status)
		remove_from_script(device);
	return status;
}

static void remove(struct hid_device *device)
{
	/* No report comes from here on. */
	hid_hw_stop(device);
	remove_from_script(device);
}

static const u8 *report_fixup(struct hid_device *device, u8 *bytes, unsigned int *size)
{
	struct luahid_call call = describe(device, LUAHID_FIXUP);
	int *status = hid_get_drvdata(device), told;

	call.data = bytes;
	call.size = *size;
	told = tell_all(device, &call);
	if (status)
		*status = told;
	return bytes;
}

static int raw_event(struct hid_device *device, struct hid_report *report, u8 *bytes, int size)
{
	struct luahid_call call = describe(device, LUAHID_EVENT);
	s64 more[LUAHID_MORE] = { report->id, report->type, report->size, report->application, report->maxfield };

	/* An interrupt may have come between two steps of the very state. */
	if (in_hardirq() || irqs_disabled()) {
		pr_warn_ratelimited("lunatik: hid: a report of %s came in an interrupt, which no script sees\n", device->name);
		return 0;
	}
	call.count = LUAHID_MORE;
	memcpy(call.more, more, sizeof(more));
	call.data = bytes;
	call.size = size;
	return luahid_call(of(device)->hook, &call);
}

struct luahid *luahid_new(void *hook, const char *name, const struct luahid_id *ids, size_t count)
{
	struct luahid *hid = kzalloc(struct_size(hid, ids, count + 1), GFP_KERNEL);
	size_t i;

	if (!hid)
		return NULL;
	for (i = 0; i < count; i++) {
		struct hid_device_id *id = &hid->ids[i];

		id->bus = ids[i].bus < 0 ? HID_BUS_ANY : ids[i].bus;
		id->group = ids[i].group < 0 ? HID_GROUP_ANY : ids[i].group;
		id->vendor = ids[i].vendor < 0 ? HID_ANY_ID : ids[i].vendor;
		id->product = ids[i].product < 0 ? HID_ANY_ID : ids[i].product;
		id->driver_data = ids[i].data < 0 ? 0 : ids[i].data;
	}
	strscpy(hid->name, name);
	hid->hook = hook;
	hid->driver.name = hid->name;
	hid->driver.id_table = hid->ids;
	hid->driver.probe = probe;
	hid->driver.remove = remove;
	hid->driver.report_fixup = report_fixup;
	hid->driver.raw_event = raw_event;
	return hid;
}

void luahid_delete(struct luahid *hid)
{
	kfree(hid);
}

/* Devices that are there already are told. Sleeps. */
int luahid_start(struct luahid *hid)
{
	int status = __hid_register_driver(&hid->driver, THIS_MODULE, KBUILD_MODNAME);

	hid->registered = !status;
	return status;
}

/* Its devices go to other drivers; returns when no function is called any more. Sleeps. */
void luahid_stop(struct luahid *hid)
{
	if (hid->registered)
		hid_unregister_driver(&hid->driver);
	hid->registered = false;
}
