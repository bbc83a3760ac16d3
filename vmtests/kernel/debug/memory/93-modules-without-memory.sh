# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whichever allocation fails while a module is loaded or unloaded, it is loaded or it is not.
. /faults.sh
in_function load_module

after() {
  if [ $status = 0 ]; then rmmod $module || die "cannot unload $module"; fi
  ! loaded $module || die "$module is loaded"
}
for module in lunatik $bindings; do
  each insmod /modules/$module.ko
  insmod /modules/$module.ko
  # What the kernel itself needs for a module is the same for all: for the others, what their own code asks for.
  [ $module != luarcu ] || in_function do_init_module
done
unloaded=
for module in lunatik $bindings; do unloaded="$module $unloaded"; done
# To go needs no memory.
in_function __x64_sys_delete_module
spoil 1
for module in $unloaded; do
  rmmod $module || die "cannot unload $module"
done
spare
