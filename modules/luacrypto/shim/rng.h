/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Generators of random bytes. -EINTR: a signal came, or the script shall end. */
#ifndef LUACRYPTO_SHIM_RNG_H
#define LUACRYPTO_SHIM_RNG_H

#include "transform.h"

int luacrypto_rng_new(const char *name, struct luacrypto **made);
unsigned int luacrypto_rng_seed_size(const struct luacrypto *transform);
const char *luacrypto_rng_name(const struct luacrypto *transform);
const char *luacrypto_rng_driver(const struct luacrypto *transform);
int luacrypto_rng_reset(struct luacrypto *transform, const u8 *seed, unsigned int size);
int luacrypto_rng_generate(struct luacrypto *transform, const u8 *seed, unsigned int seed_size, u8 *bytes,
			   unsigned int size);

/* lunatik.ko's */
bool lunatik_leaving(void);

#endif
