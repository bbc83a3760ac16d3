/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Ciphers that tell whether what they decrypt is whole. */
#ifndef LUACRYPTO_SHIM_AEAD_H
#define LUACRYPTO_SHIM_AEAD_H

#include "transform.h"

int luacrypto_aead_new(const char *name, struct luacrypto **made);
unsigned int luacrypto_aead_iv_size(const struct luacrypto *transform);
unsigned int luacrypto_aead_auth_size(const struct luacrypto *transform);
int luacrypto_aead_set_auth_size(struct luacrypto *transform, unsigned int size);
int luacrypto_aead_set_key(struct luacrypto *transform, const u8 *key, unsigned int size);
/*
 * In place, in kmalloc's memory: `associated` bytes that are not encrypted, then `size` that are read, and in all
 * `room` for what comes of them.
 */
int luacrypto_aead_crypt(struct luacrypto *transform, bool encrypt, u8 *bytes, unsigned int associated,
			 unsigned int size, unsigned int room, u8 *iv);

#endif
