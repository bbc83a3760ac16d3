/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's transforms, for sys.rs. Only those are asked for that work at once, so that no request outlives its
 * call. Results are negative errnos for failures. What is done with a transform is done under its lock, but for
 * telling its names and sizes, which stay. Keys and what is made of them are wiped when their memory is given up.
 */
#ifndef LUACRYPTO_SHIM_TRANSFORM_H
#define LUACRYPTO_SHIM_TRANSFORM_H

#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct crypto_tfm;
struct luacrypto;

/* `bytes`: what one takes of the kernel's memory, more or less, for the kernel does not say. */
struct luacrypto_kind {
	int (*make)(struct luacrypto *transform, const char *name);
	void (*free)(struct luacrypto *transform);
	unsigned long bytes;
};

struct luacrypto {
	const struct luacrypto_kind *kind;
	struct mutex lock;
	struct llist_node node;
	struct crypto_tfm *base;
	union {
		struct shash_desc *hash;
		struct crypto_skcipher *cipher;
		struct crypto_aead *aead;
		struct crypto_rng *rng;
		struct crypto_comp *comp;
	};
	/* A hash was begun, and not finished. */
	bool begun;
};

/* -EDQUOT: all transforms together have what they may. */
int luacrypto_make(const struct luacrypto_kind *kind, const char *name, struct luacrypto **made);
int luacrypto_lock(struct luacrypto *transform);
void luacrypto_unlock(struct luacrypto *transform);
void luacrypto_release(struct luacrypto *transform);
void luacrypto_settle(void);
const char *luacrypto_name(const struct luacrypto *transform);
const char *luacrypto_driver(const struct luacrypto *transform);
void luacrypto_wipe(void *bytes, size_t size);

#endif
