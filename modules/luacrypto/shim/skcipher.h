/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Symmetric ciphers. What they work on is kmalloc's memory, and changed in place. */
#ifndef LUACRYPTO_SHIM_SKCIPHER_H
#define LUACRYPTO_SHIM_SKCIPHER_H

#include "transform.h"

int luacrypto_skcipher_new(const char *name, struct luacrypto **made);
unsigned int luacrypto_skcipher_iv_size(const struct luacrypto *transform);
unsigned int luacrypto_skcipher_block_size(const struct luacrypto *transform);
int luacrypto_skcipher_set_key(struct luacrypto *transform, const u8 *key, unsigned int size);
int luacrypto_skcipher_crypt(struct luacrypto *transform, bool encrypt, u8 *bytes, unsigned int size, u8 *iv);

#endif
