/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The names of errnos, for errno.rs. */
#include "shim.h"

/* "ENOENT" for 2; NULL for a number without a name. */
const char *lunatik_errno_name(int number)
{
	switch (number) {
#include "errnames.h"
	default:
		return NULL;
	}
}
