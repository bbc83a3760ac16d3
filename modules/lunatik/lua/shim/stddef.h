/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef SHIM_STDDEF
#define SHIM_STDDEF
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#define NULL ((void *)0)
#define offsetof(t,m) __builtin_offsetof(t,m)
#endif
