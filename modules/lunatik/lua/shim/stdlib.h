/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include <stddef.h>
#define abort() lua_kpanic()
