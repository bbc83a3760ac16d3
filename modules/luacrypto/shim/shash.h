/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Hashes. What goes on from `init` or `import` says -EBADFD without them. */
#ifndef LUACRYPTO_SHIM_SHASH_H
#define LUACRYPTO_SHIM_SHASH_H

#include "transform.h"

int luacrypto_shash_new(const char *name, struct luacrypto **made);
unsigned int luacrypto_shash_digest_size(const struct luacrypto *transform);
unsigned int luacrypto_shash_block_size(const struct luacrypto *transform);
unsigned int luacrypto_shash_state_size(const struct luacrypto *transform);
int luacrypto_shash_set_key(struct luacrypto *transform, const u8 *key, unsigned int size);
int luacrypto_shash_digest(struct luacrypto *transform, const u8 *bytes, unsigned int size, u8 *digest);
int luacrypto_shash_init(struct luacrypto *transform);
int luacrypto_shash_update(struct luacrypto *transform, const u8 *bytes, unsigned int size);
int luacrypto_shash_finup(struct luacrypto *transform, const u8 *bytes, unsigned int size, u8 *digest);
int luacrypto_shash_export(struct luacrypto *transform, u8 *state);
int luacrypto_shash_import(struct luacrypto *transform, const u8 *state);
u64 luacrypto_shash_seal(const struct luacrypto *transform, const u8 *state, unsigned int size);

#endif
