# SPDX-License-Identifier: MIT OR GPL-2.0-only
# For a binding whose crate others use: its Rust symbols, for exports.c. `exported` may
# name more objects than the crate's.
quiet_cmd_exports = EXPORTS $@
      cmd_exports = $(NM) -p --defined-only $(real-prereqs) \
	| awk '$$2 ~ /(T|R|D|B)/ && $$3 ~ /^_R/ && $$3 !~ /___module_init/ { printf "EXPORT_RUST(%s);\n", $$3 }' > $@
targets += exports_generated.h
$(obj)/exports_generated.h: $(obj)/$(name)_main.o $(exported) FORCE
	$(call if_changed,exports)
$(obj)/exports.o: $(obj)/exports_generated.h
