/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Compression. */
#ifndef LUACRYPTO_SHIM_COMP_H
#define LUACRYPTO_SHIM_COMP_H

#include "transform.h"

int luacrypto_comp_new(const char *name, struct luacrypto **made);
/* `room`: that at `to`, and then how much of it was needed. */
int luacrypto_comp_run(struct luacrypto *transform, bool compress, const u8 *bytes, unsigned int size, u8 *to,
		       unsigned int *room);

#endif
