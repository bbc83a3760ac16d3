# SPDX-License-Identifier: MIT OR GPL-2.0-only
for context in process softirq hardirq; do
  fails "$EINVAL" "*broken.lua:4:*" "run('broken', '$context')"
  fails "$EINVAL" "*/lib/modules/lua/missing.lua*" "run('missing', '$context')"
  fails "$ETIME" "*out of fuel*" "run('endless', '$context')"
  fails "$ENOMEM" "*not enough memory*" "run('hog', '$context')"
  fails "$EINVAL" "*raises.lua:2: on purpose*" "run('raises', '$context')"
  gives "" "return list()"
done
# Names stay below the folder of the scripts.
for name in ../etc/passwd /etc/passwd a/../b "" . a//b; do
  refuses evaluate "run('$name')"
done
gives "" "return list()"
