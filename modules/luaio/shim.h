/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. */
#ifndef LUAIO_SHIM_H
#define LUAIO_SHIM_H

#include <linux/types.h>

struct file;

int luaio_open(const char *path, bool reads, bool writes, bool creates, bool cuts, bool appends, struct file **opened);
int luaio_close(struct file *file);
s64 luaio_size(struct file *file);
ssize_t luaio_read(struct file *file, s64 at, void *to, size_t size);
ssize_t luaio_write(struct file *file, s64 *at, const void *from, size_t size);

#endif
