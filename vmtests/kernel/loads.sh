# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts that load list files, and what all sets may hold.
scripts=/lib/modules/lua

# loads_as FUNCTION FILE: loads.lua is a script that holds this list; loads FILE: one of names
loads_as() { echo "local list = require('${1%.*}').${1#*.}('$2') assert(#list > 0)" > $scripts/loads.lua; }
loads() { loads_as set.load "$1"; }

# bound BYTES: from here on; `before` is the bound otherwise
bound() { echo "$1" > /sys/module/luaset/parameters/memory; }
before=$(cat /sys/module/luaset/parameters/memory)

# pages LIST: bytes that a list of /lib/modules/lua/lists holds
pages() { echo $((($(stat -c %s $scripts/lists/$1.list) + 4095) / 4096 * 4096)); }
