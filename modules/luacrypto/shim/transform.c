/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the kinds of transforms have in common: how they come, whose turn it is, and how they go. */
#include <linux/crypto.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../../lunatik/later.h"
#include "transform.h"

static ulong memory = 8 << 20;
module_param(memory, ulong, 0644);
MODULE_PARM_DESC(memory, "bytes that the transforms of all scripts together may take (default 8 MiB)");

static atomic_long_t held = ATOMIC_LONG_INIT(0);

static void release_one(struct luacrypto *transform)
{
	unsigned long bytes = transform->kind->bytes;

	transform->kind->free(transform);
	kfree_sensitive(transform);
	atomic_long_sub(bytes, &held);
}

/* Some algorithms sleep when they end. */
static void release(struct llist_node *node)
{
	release_one(container_of(node, struct luacrypto, node));
}
DEFINE_LATER(released, release);

void luacrypto_release(struct luacrypto *transform)
{
	later_end(&released, &transform->node);
}

/* Sleeps until what was released before is gone. */
void luacrypto_settle(void)
{
	later_settle(&released);
}

static bool reserve(unsigned long bytes)
{
	if (atomic_long_add_return(bytes, &held) <= READ_ONCE(memory))
		return true;
	atomic_long_sub(bytes, &held);
	return false;
}

int luacrypto_make(const struct luacrypto_kind *kind, const char *name, struct luacrypto **made)
{
	struct luacrypto *transform;
	int error;

	if (!reserve(kind->bytes)) {
		luacrypto_settle();
		if (!reserve(kind->bytes))
			return -EDQUOT;
	}
	transform = kzalloc(sizeof(*transform), GFP_KERNEL);
	error = transform ? kind->make(transform, name) : -ENOMEM;
	if (error) {
		kfree(transform);
		atomic_long_sub(kind->bytes, &held);
		return error;
	}
	transform->kind = kind;
	mutex_init(&transform->lock);
	*made = transform;
	return 0;
}

int luacrypto_lock(struct luacrypto *transform)
{
	return mutex_lock_killable(&transform->lock);
}

void luacrypto_unlock(struct luacrypto *transform)
{
	mutex_unlock(&transform->lock);
}

const char *luacrypto_name(const struct luacrypto *transform)
{
	return crypto_tfm_alg_name(transform->base);
}

const char *luacrypto_driver(const struct luacrypto *transform)
{
	return crypto_tfm_alg_driver_name(transform->base);
}

void luacrypto_wipe(void *bytes, size_t size)
{
	memzero_explicit(bytes, size);
}
