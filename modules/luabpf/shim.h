/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luabpf's Rust. */
#ifndef LUABPF_SHIM_H
#define LUABPF_SHIM_H

#include <linux/types.h>

struct luabpf_map;

/* The order of these is that of Info in sys.rs. */
struct luabpf_info {
	u32 type, key_size, value_size, max_entries;
	bool writable, special;
};

/* Where nothing forbids to sleep: a reference to a pinned map, or an ERR_PTR. */
struct luabpf_map *luabpf_open(const char *path);
/* Anywhere. */
void luabpf_close(struct luabpf_map *opened);
/* Waits for what luabpf_close began. */
void luabpf_drain(void);
void luabpf_info(const struct luabpf_map *opened, struct luabpf_info *info);

/*
 * Anywhere but in an NMI; keys and values have the map's sizes. 0 or an errno; -EOPNOTSUPP:
 * not this type of map.
 */
int luabpf_lookup(struct luabpf_map *opened, const void *key, void *value);
int luabpf_update(struct luabpf_map *opened, const void *key, const void *value, u64 flags);
int luabpf_delete(struct luabpf_map *opened, const void *key);
int luabpf_remove(struct luabpf_map *opened, const void *key, void *value);
int luabpf_next(struct luabpf_map *opened, const void *key, void *next, u64 *nanoseconds);
int luabpf_push(struct luabpf_map *opened, const void *value, u64 flags);
int luabpf_pop(struct luabpf_map *opened, void *value, bool take);

#endif
