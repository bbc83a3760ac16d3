/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to shared.rs. */
#ifndef LUADATA_SHIM_H
#define LUADATA_SHIM_H

#include <linux/types.h>

size_t luadata_memory(void);

#endif
