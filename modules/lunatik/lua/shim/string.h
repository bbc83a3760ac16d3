/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include <stddef.h>
void *memcpy (void *, const void *, size_t);
void *memmove (void *, const void *, size_t);
void *memset (void *, int, size_t);
int memcmp (const void *, const void *, size_t);
void *memchr (const void *, int, size_t);
size_t strlen (const char *);
size_t strnlen (const char *, size_t);
int strcmp (const char *, const char *);
int strncmp (const char *, const char *, size_t);
char *strchr (const char *, int);
char *strstr (const char *, const char *);
char *strpbrk (const char *, const char *);
size_t strspn (const char *, const char *);
char *strcpy (char *, const char *);
#define strcoll(a,b) strcmp((a),(b))
#define strerror(n) "I/O error"
