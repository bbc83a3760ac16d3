/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What luanetfilter.ko links to. */
#include <linux/export.h>
#include "shim.h"

#define EXPORT_RUST(symbol) extern int symbol; EXPORT_SYMBOL_GPL(symbol)
#include "exports_generated.h"
EXPORT_SYMBOL_GPL(luaskb_device_ends);
EXPORT_SYMBOL_GPL(luaskb_namespace_ends);
EXPORT_PER_CPU_SYMBOL_GPL(luaskb_forwarding);
