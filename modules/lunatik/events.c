/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* /dev/lunatik_events: each read waits for an event and gets it, a line of JSON. A reader begins
 * with the oldest one that is kept. */
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "shim.h"

struct listener {
	struct mutex lock;
	u64 position;
	char event[LUNATIK_EVENT];
};

static DECLARE_WAIT_QUEUE_HEAD(listeners);

/* Events come from every context, also from such that must not wake anybody. */
static void wake(struct irq_work *work)
{
	wake_up_interruptible(&listeners);
}

static DEFINE_IRQ_WORK(waking, wake);

void lunatik_events_wake(void)
{
	irq_work_queue(&waking);
}

static int events_open(struct inode *inode, struct file *file)
{
	struct listener *listener = kzalloc(sizeof(*listener), GFP_KERNEL);

	if (!listener)
		return -ENOMEM;
	mutex_init(&listener->lock);
	listener->position = lunatik_events_first();
	file->private_data = listener;
	return stream_open(inode, file);
}

static int events_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t events_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct listener *listener = file->private_data;
	u64 position;
	ssize_t count;

	count = mutex_lock_interruptible(&listener->lock);
	if (count)
		return count;
	do {
		if (!(file->f_flags & O_NONBLOCK))
			count = wait_event_interruptible(listeners, lunatik_events_after(listener->position));
		if (count)
			break;
		position = listener->position;
		count = lunatik_events_next(&position, listener->event);
		if (!count && (file->f_flags & O_NONBLOCK))
			count = -EAGAIN;
	} while (!count);
	if (count > 0) {
		if (count > size)
			count = -EINVAL;
		else if (copy_to_user(to, listener->event, count))
			count = -EFAULT;
		else
			listener->position = position;
	}
	mutex_unlock(&listener->lock);
	return count;
}

static __poll_t events_poll(struct file *file, poll_table *table)
{
	struct listener *listener = file->private_data;

	poll_wait(file, &listeners, table);
	return lunatik_events_after(READ_ONCE(listener->position)) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations events_operations = {
	.owner = THIS_MODULE,
	.open = events_open,
	.release = events_release,
	.read = events_read,
	.poll = events_poll,
};

static struct miscdevice events = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lunatik_events",
	.mode = 0600,
	.fops = &events_operations,
};

int lunatik_events_register(void)
{
	return misc_register(&events);
}

void lunatik_events_unregister(void)
{
	misc_deregister(&events);
	irq_work_sync(&waking);
}
