/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* /dev/lunatik: a session is an open file; it holds the result of its last chunk. What a
 * closed session did not read is for the next that reads without having written: Lunatik's
 * own tools write, close, open again and read. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "shim.h"

#define CHUNK_LIMIT (1024 * 1024)

static DEFINE_MUTEX(unread_lock);
static char *unread;
static size_t unread_length;

struct session {
	struct mutex lock;
	char *result;
	size_t length;
	bool wrote, read;
};

static int device_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);

	if (!session)
		return -ENOMEM;
	mutex_init(&session->lock);
	file->private_data = session;
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	if (session->wrote && !session->read) {
		mutex_lock(&unread_lock);
		swap(unread, session->result);
		unread_length = session->length;
		mutex_unlock(&unread_lock);
	}
	kvfree(session->result);
	kfree(session);
	return 0;
}

static ssize_t device_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	struct session *session = file->private_data;
	char *chunk, *result = NULL;
	size_t length = 0;
	ssize_t status;

	if (size > CHUNK_LIMIT)
		return -E2BIG;
	chunk = vmemdup_user(from, size);
	if (IS_ERR(chunk))
		return PTR_ERR(chunk);
	status = lunatik_execute(chunk, size, &result, &length);
	kvfree(chunk);
	mutex_lock(&session->lock);
	kvfree(session->result);
	session->result = result;
	session->length = length;
	session->wrote = true;
	session->read = false;
	*offset = 0;
	mutex_unlock(&session->lock);
	return status ? status : size;
}

static ssize_t device_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct session *session = file->private_data;
	ssize_t count;

	mutex_lock(&session->lock);
	if (!session->wrote && !session->result) {
		mutex_lock(&unread_lock);
		session->result = unread;
		session->length = unread ? unread_length : 0;
		unread = NULL;
		mutex_unlock(&unread_lock);
	}
	session->read = true;
	count = simple_read_from_buffer(to, size, offset, session->result, session->length);
	mutex_unlock(&session->lock);
	return count;
}

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.write = device_write,
	.read = device_read,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lunatik",
	.mode = 0600,
	.fops = &device_operations,
};

int lunatik_device_register(void)
{
	return misc_register(&device);
}

void lunatik_device_unregister(void)
{
	misc_deregister(&device);
	kvfree(unread);
}
