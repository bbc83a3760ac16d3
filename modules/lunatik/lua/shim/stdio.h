/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include <stddef.h>
#include <stdarg.h>
int snprintf (char *buf, size_t n, const char *fmt, ...);
#define BUFSIZ 512
