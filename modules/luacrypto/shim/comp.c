/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Compression. */
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/string.h>
#include "comp.h"

static int make(struct luacrypto *transform, const char *name)
{
	transform->comp = crypto_alloc_comp(name, 0, 0);
	if (IS_ERR(transform->comp))
		return PTR_ERR(transform->comp);
	transform->base = crypto_comp_tfm(transform->comp);
	return 0;
}

static void free(struct luacrypto *transform)
{
	crypto_free_comp(transform->comp);
}

/* What their own memory comes to; zstd has a window for each direction, and tables. */
static const struct luacrypto_kind kind = { make, free, 256 << 10 }, zstd = { make, free, 1536 << 10 };

int luacrypto_comp_new(const char *name, struct luacrypto **made)
{
	return luacrypto_make(strstarts(name, "zstd") ? &zstd : &kind, name, made);
}

int luacrypto_comp_run(struct luacrypto *transform, bool compress, const u8 *bytes, unsigned int size, u8 *to,
		       unsigned int *room)
{
	return compress ? crypto_comp_compress(transform->comp, bytes, size, to, room)
			: crypto_comp_decompress(transform->comp, bytes, size, to, room);
}
