/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Ciphers that tell whether what they decrypt is whole. */
#include <crypto/aead.h>
#include <linux/scatterlist.h>
#include "aead.h"

static int make(struct luacrypto *transform, const char *name)
{
	transform->aead = crypto_alloc_aead(name, 0, CRYPTO_ALG_ASYNC);
	if (IS_ERR(transform->aead))
		return PTR_ERR(transform->aead);
	transform->base = crypto_aead_tfm(transform->aead);
	return 0;
}

static void free(struct luacrypto *transform)
{
	crypto_free_aead(transform->aead);
}

static const struct luacrypto_kind kind = { make, free, 16 << 10 };

int luacrypto_aead_new(const char *name, struct luacrypto **made)
{
	return luacrypto_make(&kind, name, made);
}

unsigned int luacrypto_aead_iv_size(const struct luacrypto *transform)
{
	return crypto_aead_ivsize(transform->aead);
}

unsigned int luacrypto_aead_auth_size(const struct luacrypto *transform)
{
	return crypto_aead_authsize(transform->aead);
}

int luacrypto_aead_set_auth_size(struct luacrypto *transform, unsigned int size)
{
	return crypto_aead_setauthsize(transform->aead, size);
}

int luacrypto_aead_set_key(struct luacrypto *transform, const u8 *key, unsigned int size)
{
	return crypto_aead_setkey(transform->aead, key, size);
}

int luacrypto_aead_crypt(struct luacrypto *transform, bool encrypt, u8 *bytes, unsigned int associated,
			 unsigned int size, unsigned int room, u8 *iv)
{
	struct aead_request *request = aead_request_alloc(transform->aead, GFP_KERNEL);
	struct scatterlist list;
	int result;

	if (!request)
		return -ENOMEM;
	sg_init_one(&list, bytes, room);
	aead_request_set_callback(request, CRYPTO_TFM_REQ_MAY_SLEEP, NULL, NULL);
	aead_request_set_crypt(request, &list, &list, size, iv);
	aead_request_set_ad(request, associated);
	result = encrypt ? crypto_aead_encrypt(request) : crypto_aead_decrypt(request);
	aead_request_free(request);
	return result;
}
