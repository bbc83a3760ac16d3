/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Files that scripts name, and memory for what is in them: file.rs and memory.rs. */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include "shim.h"

/*
 * Files are read with kernel_read, not kernel_read_file, which LoadPin bars from all but the
 * root's file system: whoever may run scripts may write any chunk to /dev/lunatik, so that this
 * would guard nothing.
 *
 * Who administers the system has them below the root that it has, for which policies are mounted. Another
 * program that calls into a script must not lend that the files of a root of its own: for it, paths begin at
 * the root of the first process, as those of firmware do.
 */
static struct file *open_machine(const char *path, int flags)
{
	struct path root;
	struct file *file;

	task_lock(&init_task);
	get_fs_root(init_task.fs, &root);
	task_unlock(&init_task);
	file = file_open_root(&root, path, flags, 0);
	path_put(&root);
	return file;
}

int lunatik_file_open(const char *path, struct file **opened)
{
	/* Of what is no regular file, nothing is waited for. */
	int flags = O_RDONLY | O_NONBLOCK;
	struct file *file = capable(CAP_SYS_ADMIN) ? filp_open(path, flags, 0) : open_machine(path, flags);

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (!S_ISREG(file_inode(file)->i_mode)) {
		__fput_sync(file);
		return -EINVAL;
	}
	*opened = file;
	return 0;
}

void lunatik_file_close(struct file *file)
{
	__fput_sync(file);
}

void lunatik_file_identity(struct file *file, struct lunatik_identity *identity)
{
	struct inode *inode = file_inode(file);
	struct timespec64 modified = inode_get_mtime(inode), changed = inode_get_ctime(inode);

	identity->device = inode->i_sb->s_dev;
	identity->inode = inode->i_ino;
	identity->length = i_size_read(inode);
	identity->modified = timespec64_to_ns(&modified);
	identity->changed = timespec64_to_ns(&changed);
}

/* So many bytes, or fewer if the file ends before. */
ssize_t lunatik_file_read(struct file *file, loff_t at, void *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = kernel_read(file, to + done, size - done, &at);

		if (got < 0)
			return got;
		if (got == 0)
			break;
		done += got;
	}
	return done;
}

/*
 * Zeros. What is larger than a page is mapped page by page, so that nothing large has to be
 * contiguous and nothing is rounded up to a power of two. Where memory is short this fails
 * before processes are killed for it.
 */
void *lunatik_memory_new(size_t size, bool sleep)
{
	gfp_t flags = (sleep ? GFP_KERNEL | __GFP_RETRY_MAYFAIL : GFP_ATOMIC) | __GFP_ZERO | __GFP_NOWARN;

	/* A page at least has room for the node that the list of the dead needs. */
	if (size <= PAGE_SIZE || !sleep)
		return kmalloc(max(size, sizeof(struct llist_node)), flags);
	return __vmalloc(size, flags);
}

/* What it takes of the kernel's memory. */
size_t lunatik_memory_held(const void *memory, size_t size)
{
	return is_vmalloc_addr(memory) ? PAGE_ALIGN(size) : ksize(memory);
}

static LLIST_HEAD(dead);

static void bury(struct work_struct *work)
{
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&dead))
		kvfree(node);
}

static DECLARE_WORK(burial, bury);

/* In every context; what is mapped cannot be unmapped where nothing may sleep. */
void lunatik_memory_free(void *memory)
{
	if (!is_vmalloc_addr(memory))
		kfree(memory);
	else if (llist_add(memory, &dead))
		schedule_work(&burial);
}

/* Returns when all that was freed before is gone. */
void lunatik_memory_settle(void)
{
	flush_work(&burial);
}
