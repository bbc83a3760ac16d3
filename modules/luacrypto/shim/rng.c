/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Generators of random bytes. "stdrng", the default, is the kernel's own, which is there in every configuration; it has
 * no transform. Others are the configuration's.
 */
#include <crypto/rng.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "rng.h"

/* The slowest takes some milliseconds for so many bytes, under a spin lock of its own. */
#define CHUNK	256u

static int make(struct luacrypto *transform, const char *name)
{
	struct crypto_rng *rng;
	int error;

	if (!strcmp(name, "stdrng"))
		return 0;
	rng = crypto_alloc_rng(name, 0, 0);
	if (IS_ERR(rng))
		return PTR_ERR(rng);
	error = crypto_rng_reset(rng, NULL, crypto_rng_seedsize(rng));
	if (error) {
		crypto_free_rng(rng);
		return error;
	}
	transform->rng = rng;
	transform->base = crypto_rng_tfm(rng);
	return 0;
}

static void free(struct luacrypto *transform)
{
	if (transform->rng)
		crypto_free_rng(transform->rng);
}

static const struct luacrypto_kind kind = { make, free, 16 << 10 };

int luacrypto_rng_new(const char *name, struct luacrypto **made)
{
	return luacrypto_make(&kind, name, made);
}

unsigned int luacrypto_rng_seed_size(const struct luacrypto *transform)
{
	return transform->rng ? crypto_rng_seedsize(transform->rng) : 0;
}

const char *luacrypto_rng_name(const struct luacrypto *transform)
{
	return transform->rng ? luacrypto_name(transform) : "stdrng";
}

const char *luacrypto_rng_driver(const struct luacrypto *transform)
{
	return transform->rng ? luacrypto_driver(transform) : "get_random_bytes";
}

/* Without a seed the kernel finds one. */
int luacrypto_rng_reset(struct luacrypto *transform, const u8 *seed, unsigned int size)
{
	if (!transform->rng) {
		add_device_randomness(seed, seed ? size : 0);
		return 0;
	}
	if (!seed)
		size = crypto_rng_seedsize(transform->rng);
	return crypto_rng_reset(transform->rng, seed, size);
}

static int generate(struct luacrypto *transform, const u8 *seed, unsigned int seed_size, u8 *bytes, unsigned int size)
{
	if (transform->rng)
		return crypto_rng_generate(transform->rng, seed, seed_size, bytes, size);
	return get_random_bytes_wait(bytes, size);
}

int luacrypto_rng_generate(struct luacrypto *transform, const u8 *seed, unsigned int seed_size, u8 *bytes,
			   unsigned int size)
{
	if (!transform->rng)
		add_device_randomness(seed, seed_size);
	while (size) {
		unsigned int chunk = min(size, CHUNK);
		int error = generate(transform, seed, seed_size, bytes, chunk);

		if (error < 0)
			return error;
		bytes += chunk;
		size -= chunk;
		cond_resched();
		if (fatal_signal_pending(current) || lunatik_leaving())
			return -EINTR;
	}
	return 0;
}
