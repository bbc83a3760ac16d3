# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What the Kbuild of a binding module has in common with the others. It sets `name` and
# may set `uses` (other bindings whose crates it uses) and `objects` (C beside the crate).
obj-m := $(name).o
$(name)-y := $(name)_main.o $(objects)

lunatik := $(obj)/../lunatik
others := $(addprefix $(obj)/../,$(uses))
RUSTFLAGS_$(name)_main.o := -L$(lunatik) -L$(obj)/../common/lua/src -L$(obj)/../common/table/src --extern lua --extern lunatik_core \
	--emit=metadata=$(obj)/lib$(name)_main.rmeta $(foreach other,$(others),-L$(other)) \
	$(foreach other,$(uses),--extern $(other)_main) $(rustflags)
