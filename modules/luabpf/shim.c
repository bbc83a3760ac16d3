/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Maps, as the kernel gives them to C: found by path, used through their operations. */
#include <linux/bpf.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "shim.h"

MODULE_IMPORT_NS(BPF_INTERNAL);

/* The kernel exports it to modules, and declares it nowhere. */
int kern_sys_bpf(int cmd, union bpf_attr *attr, unsigned int size);

struct luabpf_map {
	struct bpf_map *map;
	bool writable;
	struct rcu_head rcu;
};

/*
 * A reference to the map that a file of bpffs pins. Of the file's object only the map's number
 * is read, which lies within what else could be pinned: the map of this number is the file's
 * object, or that is no map.
 */
static struct bpf_map *pinned(const void *object)
{
	union bpf_attr attr = {};
	struct bpf_map *map;
	int fd;

	static_assert(offsetofend(struct bpf_map, id) <= sizeof(struct bpf_link));
	static_assert(offsetofend(struct bpf_map, id) <= sizeof(struct bpf_prog));
	attr.map_id = READ_ONCE(((const struct bpf_map *)object)->id);
	fd = kern_sys_bpf(BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr));
	if (fd == -ENOENT)
		return ERR_PTR(-EINVAL);
	if (fd < 0)
		return ERR_PTR(fd);
	map = bpf_map_get(fd);
	close_fd(fd);
	if (!IS_ERR(map) && map != object) {
		bpf_map_put(map);
		return ERR_PTR(-EINVAL);
	}
	return map;
}

static struct bpf_map *at_path(const char *name)
{
	struct bpf_map *map = ERR_PTR(-EINVAL);
	struct inode *inode;
	struct path path;
	int error = kern_path(name, LOOKUP_FOLLOW, &path);

	if (error)
		return ERR_PTR(error);
	inode = d_backing_inode(path.dentry);
	if (inode->i_sb->s_magic == BPF_FS_MAGIC && S_ISREG(inode->i_mode) && inode->i_private)
		map = pinned(inode->i_private);
	path_put(&path);
	return map;
}

/*
 * What user space froze, or keeps programs from writing, stays as it is: the verifier may take
 * its values for constants. While a map can be written to here, it cannot be frozen.
 */
static bool claim_writing(struct bpf_map *map)
{
	bool may;

	mutex_lock(&map->freeze_mutex);
	may = !map->frozen && !(map->map_flags & BPF_F_RDONLY_PROG);
	if (may)
		atomic64_inc(&map->writecnt);
	mutex_unlock(&map->freeze_mutex);
	return may;
}

struct luabpf_map *luabpf_open(const char *path)
{
	struct luabpf_map *opened = kzalloc(sizeof(*opened), GFP_KERNEL);
	struct bpf_map *map;

	if (!opened)
		return ERR_PTR(-ENOMEM);
	map = at_path(path);
	if (IS_ERR(map)) {
		kfree(opened);
		return ERR_CAST(map);
	}
	opened->map = map;
	opened->writable = claim_writing(map);
	return opened;
}

static void release(struct rcu_head *rcu)
{
	struct luabpf_map *opened = container_of(rcu, struct luabpf_map, rcu);

	bpf_map_put(opened->map);
	kfree(opened);
}

/* The last bpf_map_put takes a lock that others hold with interrupts on: it waits until they
 * are on here. */
void luabpf_close(struct luabpf_map *opened)
{
	if (opened->writable)
		atomic64_dec(&opened->map->writecnt);
	call_rcu(&opened->rcu, release);
}

void luabpf_drain(void)
{
	rcu_barrier();
}

void luabpf_info(const struct luabpf_map *opened, struct luabpf_info *info)
{
	const struct bpf_map *map = opened->map;

	info->type = map->map_type;
	info->key_size = map->key_size;
	info->value_size = map->value_size;
	info->max_entries = map->max_entries;
	info->writable = opened->writable;
	info->special = map->record || !map->ops->map_lookup_elem || !map->ops->map_update_elem;
}

/* As bpf(2) does around each operation; preemption is off because some use this CPU's lists. */
#define OPERATE(opened, operation, ...) ({						\
	struct bpf_map *map_ = (opened)->map;						\
	long result_ = -EOPNOTSUPP;							\
											\
	if (map_->ops->operation) {							\
		preempt_disable();							\
		rcu_read_lock();							\
		result_ = map_->ops->operation(map_, __VA_ARGS__);			\
		rcu_read_unlock();							\
		preempt_enable();							\
	}										\
	(int)result_;									\
})

int luabpf_lookup(struct luabpf_map *opened, const void *key, void *value)
{
	struct bpf_map *map = opened->map;
	void *found;

	preempt_disable();
	rcu_read_lock();
	found = map->ops->map_lookup_elem(map, (void *)key);
	if (found)
		memcpy(value, found, map->value_size);
	rcu_read_unlock();
	preempt_enable();
	return found ? 0 : -ENOENT;
}

int luabpf_update(struct luabpf_map *opened, const void *key, const void *value, u64 flags)
{
	return OPERATE(opened, map_update_elem, (void *)key, (void *)value, flags);
}

int luabpf_delete(struct luabpf_map *opened, const void *key)
{
	return OPERATE(opened, map_delete_elem, (void *)key);
}

int luabpf_remove(struct luabpf_map *opened, const void *key, void *value)
{
	return OPERATE(opened, map_lookup_and_delete_elem, (void *)key, value, 0);
}

int luabpf_next(struct luabpf_map *opened, const void *key, void *next, u64 *nanoseconds)
{
	u64 begin = ktime_get_mono_fast_ns();
	int result = OPERATE(opened, map_get_next_key, (void *)key, next);

	*nanoseconds = ktime_get_mono_fast_ns() - begin;
	return result;
}

int luabpf_push(struct luabpf_map *opened, const void *value, u64 flags)
{
	return OPERATE(opened, map_push_elem, (void *)value, flags);
}

int luabpf_pop(struct luabpf_map *opened, void *value, bool take)
{
	return take ? OPERATE(opened, map_pop_elem, value) : OPERATE(opened, map_peek_elem, value);
}
