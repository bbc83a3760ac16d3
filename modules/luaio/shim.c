/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's files, for sys.rs. All of it sleeps, but waits for nobody: files are opened so. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/stat.h>
#include "shim.h"

int luaio_open(const char *path, bool reads, bool writes, bool creates, bool cuts, bool appends, struct file **opened)
{
	int flags = O_NONBLOCK | O_NOCTTY | O_LARGEFILE | (!writes ? O_RDONLY : reads ? O_RDWR : O_WRONLY);
	struct file *file;

	flags |= (creates ? O_CREAT : 0) | (cuts ? O_TRUNC : 0) | (appends ? O_APPEND : 0);
	file = filp_open(path, flags, 0666);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (S_ISDIR(file_inode(file)->i_mode)) {
		__fput_sync(file);
		return -EISDIR;
	}
	*opened = file;
	return 0;
}

/* What the file system says to it. The file is gone in any case, and with it its memory: not only when the task is done. */
int luaio_close(struct file *file)
{
	int error = file->f_op->flush ? file->f_op->flush(file, NULL) : 0;

	__fput_sync(file);
	return error;
}

s64 luaio_size(struct file *file)
{
	return i_size_read(file_inode(file));
}

/* So many bytes, or fewer: 0 at the end. */
ssize_t luaio_read(struct file *file, s64 at, void *to, size_t size)
{
	loff_t position = at;

	/* The kernel warns of who does not look. */
	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	return kernel_read(file, to, size, &position);
}

/* What a write sends a task that writes where nobody reads, or more than its files may hold. */
#define TELLS	(sigmask(SIGPIPE) | sigmask(SIGXFSZ))

/* Those of them that wait for this task alone, as one that a write sends does. */
static unsigned long waiting(void)
{
	unsigned long signals;

	spin_lock_irq(&current->sighand->siglock);
	signals = current->pending.signal.sig[0] & TELLS;
	spin_unlock_irq(&current->sighand->siglock);
	return signals;
}

/* Takes back signals that wait for this task alone, which blocks them; the same may wait for all of its group. */
static void take_back(unsigned long signals)
{
	kernel_siginfo_t information;
	enum pid_type type;
	sigset_t others;

	siginitsetinv(&others, signals);
	spin_lock_irq(&current->sighand->siglock);
	while (current->pending.signal.sig[0] & signals)
		dequeue_signal(&others, &information, &type);
	spin_unlock_irq(&current->sighand->siglock);
}

/* As kernel_write(), but it is the script that hears why nothing is written, not the task, which such a signal would end. */
static ssize_t write_quietly(struct file *file, const void *from, size_t size, loff_t *position)
{
	unsigned long before = waiting();
	sigset_t blocked, restored;
	ssize_t written;

	siginitset(&blocked, TELLS);
	sigprocmask(SIG_BLOCK, &blocked, &restored);
	written = kernel_write(file, from, size, position);
	if (waiting() & ~before)
		take_back(waiting() & ~before);
	sigprocmask(SIG_SETMASK, &restored, NULL);
	return written;
}

/* The same; the place moves behind them. */
ssize_t luaio_write(struct file *file, s64 *at, const void *from, size_t size)
{
	loff_t position = *at;
	ssize_t written;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	written = write_quietly(file, from, size, &position);
	*at = position;
	return written;
}
