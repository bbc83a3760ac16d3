/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef SHIM_STDINT
#define SHIM_STDINT
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
#define INTPTR_MAX __INTPTR_MAX__
#define UINTPTR_MAX __UINTPTR_MAX__
#define SIZE_MAX __SIZE_MAX__
#endif
