-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What an attack keeps from one packet to the next.
return {}
