/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Hashes. */
#include <crypto/hash.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "shash.h"

static int make(struct luacrypto *transform, const char *name)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	transform->hash = kzalloc(sizeof(*transform->hash) + crypto_shash_descsize(tfm), GFP_KERNEL);
	if (!transform->hash) {
		crypto_free_shash(tfm);
		return -ENOMEM;
	}
	transform->hash->tfm = tfm;
	transform->base = crypto_shash_tfm(tfm);
	return 0;
}

static void free(struct luacrypto *transform)
{
	crypto_free_shash(transform->hash->tfm);
	kfree_sensitive(transform->hash);
}

static const struct luacrypto_kind kind = { make, free, 8 << 10 };

int luacrypto_shash_new(const char *name, struct luacrypto **made)
{
	return luacrypto_make(&kind, name, made);
}

unsigned int luacrypto_shash_digest_size(const struct luacrypto *transform)
{
	return crypto_shash_digestsize(transform->hash->tfm);
}

unsigned int luacrypto_shash_block_size(const struct luacrypto *transform)
{
	return crypto_shash_blocksize(transform->hash->tfm);
}

unsigned int luacrypto_shash_state_size(const struct luacrypto *transform)
{
	return crypto_shash_statesize(transform->hash->tfm);
}

int luacrypto_shash_set_key(struct luacrypto *transform, const u8 *key, unsigned int size)
{
	/* What was begun with another key would end with this one. */
	transform->begun = false;
	return crypto_shash_setkey(transform->hash->tfm, key, size);
}

/* Of these bytes alone: what update was given before stays. */
int luacrypto_shash_digest(struct luacrypto *transform, const u8 *bytes, unsigned int size, u8 *digest)
{
	return crypto_shash_tfm_digest(transform->hash->tfm, bytes, size, digest);
}

int luacrypto_shash_init(struct luacrypto *transform)
{
	int error = crypto_shash_init(transform->hash);

	transform->begun = !error;
	return error;
}

int luacrypto_shash_update(struct luacrypto *transform, const u8 *bytes, unsigned int size)
{
	return transform->begun ? crypto_shash_update(transform->hash, bytes, size) : -EBADFD;
}

int luacrypto_shash_finup(struct luacrypto *transform, const u8 *bytes, unsigned int size, u8 *digest)
{
	if (!transform->begun)
		return -EBADFD;
	transform->begun = false;
	return crypto_shash_finup(transform->hash, bytes, size, digest);
}

int luacrypto_shash_export(struct luacrypto *transform, u8 *state)
{
	return transform->begun ? crypto_shash_export(transform->hash, state) : -EBADFD;
}

int luacrypto_shash_import(struct luacrypto *transform, const u8 *state)
{
	int error = crypto_shash_import(transform->hash, state);

	transform->begun = !error;
	return error;
}

/*
 * What shows that a state is one that this algorithm exported, since the machine started: it believes what a state
 * says, offsets too.
 */
u64 luacrypto_shash_seal(const struct luacrypto *transform, const u8 *state, unsigned int size)
{
	static siphash_key_t key __read_mostly;
	const char *name = luacrypto_driver(transform);

	get_random_once(&key, sizeof(key));
	return siphash_2u64(siphash(name, strlen(name), &key), siphash(state, size, &key), &key);
}
