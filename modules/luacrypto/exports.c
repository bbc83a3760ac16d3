/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What luadarken.ko links to. */
#include <linux/export.h>

#define EXPORT_RUST(symbol) extern int symbol; EXPORT_SYMBOL_GPL(symbol)
#include "exports_generated.h"
