/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Character devices, for sys.rs. A device goes from /dev when its script says so, and from memory
 * with the last file that is open: until then the files know it, and it knows that it is stopped.
 */
#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include "shim.h"

/* Devices at a time, of all scripts. */
#define MINORS	64
/* What one read(2) or write(2) hands over at most; the caller goes on with the rest. */
#define LIMIT	((size_t)64 * 1024)

struct luadevice {
	struct device dev;
	struct cdev cdev;
	umode_t mode;
	void *body;
	/* Files that were closed, which the script does not know yet; a worker tells it. */
	atomic_t closed;
	struct work_struct closing;
};

static dev_t first;
static DEFINE_IDA(minors);
/* From the look whether a name is free until it is taken. */
static DEFINE_MUTEX(creating);
static struct workqueue_struct *workers;

static char *devnode(const struct device *dev, umode_t *mode)
{
	if (mode)
		*mode = container_of(dev, struct luadevice, dev)->mode;
	return NULL;
}

static const struct class class = {
	.name = "luadevice",
	.devnode = devnode,
};

static int open(struct inode *inode, struct file *file)
{
	struct luadevice *device = container_of(inode->i_cdev, struct luadevice, cdev);

	/* The file keeps the cdev, which keeps the device. */
	file->private_data = device;
	return luadevice_open(device->body);
}

static ssize_t read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct luadevice *device = file->private_data;
	char *bytes = NULL;
	s64 at = *offset;
	ssize_t count = luadevice_read(device->body, min(size, LIMIT), &at, &bytes);

	if (count > 0 && copy_to_user(to, bytes, count))
		count = -EFAULT;
	if (count >= 0)
		*offset = at;
	kvfree(bytes);
	return count;
}

static ssize_t write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	struct luadevice *device = file->private_data;
	s64 at = *offset;
	ssize_t count;
	char *bytes;

	size = min(size, LIMIT);
	bytes = vmemdup_user(from, size);
	if (IS_ERR(bytes))
		return PTR_ERR(bytes);
	count = luadevice_write(device->body, bytes, size, &at);
	if (count >= 0)
		*offset = at;
	kvfree(bytes);
	return count;
}

static void tell_closed(struct work_struct *work)
{
	struct luadevice *device = container_of(work, struct luadevice, closing);

	do
		luadevice_release(device->body, true);
	while (!atomic_dec_and_test(&device->closed));
	put_device(&device->dev);
}

/* Who closes a file may be a task that is killed, which nothing would wake up: it does not wait for
 * others inside of the runtime. One that exits has no files and no namespaces any more: it is not even asked. */
static int release(struct inode *inode, struct file *file)
{
	struct luadevice *device = file->private_data;
	bool told = !(current->flags & PF_EXITING) && luadevice_release(device->body, false);

	if (!told && atomic_inc_return(&device->closed) == 1) {
		get_device(&device->dev);
		queue_work(workers, &device->closing);
	}
	return 0;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = open,
	.read = read,
	.write = write,
	.release = release,
};

static void forget(struct device *dev)
{
	struct luadevice *device = container_of(dev, struct luadevice, dev);

	luadevice_drop(device->body);
	ida_free(&minors, MINOR(dev->devt));
	kfree(device);
}

/* Whether there is such a device, or a node of somebody else's. */
static bool is_taken(const char *name)
{
	struct device *other = class_find_device_by_name(&class, name);
	char node[64];
	struct path path;

	if (other) {
		put_device(other);
		return true;
	}
	snprintf(node, sizeof(node), "/dev/%s", name);
	if (kern_path(node, 0, &path))
		return false;
	path_put(&path);
	return true;
}

/* The body is the device's, also if there is none: one that fails late may have been opened by its
 * number, and goes with the file. */
int luadevice_create(const char *name, unsigned int mode, void *body, struct luadevice **made)
{
	struct luadevice *device = kzalloc(sizeof(*device), GFP_KERNEL);
	int status = device ? ida_alloc_max(&minors, MINORS - 1, GFP_KERNEL) : -ENOMEM;

	if (status < 0) {
		kfree(device);
		luadevice_drop(body);
		return status;
	}
	device_initialize(&device->dev);
	device->dev.class = &class;
	device->dev.devt = first + status;
	device->dev.release = forget;
	device->mode = mode;
	INIT_WORK(&device->closing, tell_closed);
	cdev_init(&device->cdev, &operations);
	device->cdev.owner = THIS_MODULE;
	/* A file may be open before this returns. */
	device->body = body;
	mutex_lock(&creating);
	status = is_taken(name) ? -EEXIST : dev_set_name(&device->dev, "%s", name);
	if (!status)
		status = cdev_device_add(&device->cdev, &device->dev);
	mutex_unlock(&creating);
	if (status) {
		put_device(&device->dev);
		return status;
	}
	*made = device;
	return 0;
}

/* No file is opened any more; those that are open keep the device. */
void luadevice_destroy(struct luadevice *device)
{
	cdev_device_del(&device->cdev, &device->dev);
	put_device(&device->dev);
}

int luadevice_register(void)
{
	int status;

	workers = alloc_workqueue("luadevice", WQ_UNBOUND, 0);
	if (!workers)
		return -ENOMEM;
	status = alloc_chrdev_region(&first, 0, MINORS, "luadevice");
	if (status)
		goto no_region;
	status = class_register(&class);
	if (status)
		goto no_class;
	return 0;

no_class:
	unregister_chrdev_region(first, MINORS);
no_region:
	destroy_workqueue(workers);
	return status;
}

void luadevice_unregister(void)
{
	/* Returns when no worker has a device that is gone from /dev. */
	destroy_workqueue(workers);
	class_unregister(&class);
	unregister_chrdev_region(first, MINORS);
	ida_destroy(&minors);
}
