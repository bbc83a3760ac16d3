/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Symmetric ciphers. */
#include <crypto/skcipher.h>
#include <linux/scatterlist.h>
#include "skcipher.h"

static int make(struct luacrypto *transform, const char *name)
{
	transform->cipher = crypto_alloc_skcipher(name, 0, CRYPTO_ALG_ASYNC);
	if (IS_ERR(transform->cipher))
		return PTR_ERR(transform->cipher);
	transform->base = crypto_skcipher_tfm(transform->cipher);
	return 0;
}

static void free(struct luacrypto *transform)
{
	crypto_free_skcipher(transform->cipher);
}

static const struct luacrypto_kind kind = { make, free, 8 << 10 };

int luacrypto_skcipher_new(const char *name, struct luacrypto **made)
{
	return luacrypto_make(&kind, name, made);
}

unsigned int luacrypto_skcipher_iv_size(const struct luacrypto *transform)
{
	return crypto_skcipher_ivsize(transform->cipher);
}

unsigned int luacrypto_skcipher_block_size(const struct luacrypto *transform)
{
	return crypto_skcipher_blocksize(transform->cipher);
}

int luacrypto_skcipher_set_key(struct luacrypto *transform, const u8 *key, unsigned int size)
{
	return crypto_skcipher_setkey(transform->cipher, key, size);
}

int luacrypto_skcipher_crypt(struct luacrypto *transform, bool encrypt, u8 *bytes, unsigned int size, u8 *iv)
{
	struct skcipher_request *request = skcipher_request_alloc(transform->cipher, GFP_KERNEL);
	struct scatterlist list;
	int result;

	if (!request)
		return -ENOMEM;
	sg_init_one(&list, bytes, size);
	skcipher_request_set_callback(request, CRYPTO_TFM_REQ_MAY_SLEEP, NULL, NULL);
	skcipher_request_set_crypt(request, &list, &list, size, iv);
	result = encrypt ? crypto_skcipher_encrypt(request) : crypto_skcipher_decrypt(request);
	skcipher_request_free(request);
	return result;
}
